import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveUser, type UserQuestion } from '../../../src/policy/user.ts';
import { meansRoot } from '../../../src/policy/user-spec.ts';

const PASSWD = [
  'root:x:0:0:root:/root:/bin/sh',
  'toor:x:0:0::/:',
  'app:x:1000:1000::/app:/bin/sh',
  'team:x:1001:1001::/:',
  'wheel:x:1002:1002::/:',
  'zero:x:1003:0::/:',
  'alias:x:1001:2001::/:',
  '1004:x:0:0::/:',
  'real:x:1004:1004::/:',
  'broken',
  'nouid:x::1005::/:',
  'text:x:abc:1006::/:',
  'nogid:x:1007::::',
  'huge:x:4294967296:1008::/:',
  '  spaced:x:1009:1009::/:  ',
  '',
].join('\n');
const GROUP = ['root:x:0:wheel', 'app:x:1000:', 'staff:x:50:team,wheel,alias,real', 'other:x:77:', ''].join('\n');

function resolve(requested: string | undefined, changes: Partial<UserQuestion> = {}) {
  return resolveUser({
    requested,
    containerUser: '',
    passwd: PASSWD,
    group: GROUP,
    allowRoot: false,
    enforce: true,
    ...changes,
  });
}

const spec = (requested: string | undefined, changes: Partial<UserQuestion> = {}) => {
  const answer = resolve(requested, changes);
  return answer.kind === 'resolved' ? answer.user.spec : answer.kind;
};

describe('a user that is asked for', () => {
  it.each([
    ['app', '1000:1000', 1000, 1000],
    ['1000', '1000:1000', 1000, 1000],
    ['01000', '1000:1000', 1000, 1000],
    ['app:other', '1000:77', 1000, 77],
    ['app:77', '1000:77', 1000, 77],
    ['1000:other', '1000:77', 1000, 77],
    ['4242:4343', '4242:4343', 4242, 4343],
    ['2147483647:1', '2147483647:1', 2147483647, 1],
    ['team', '1001', 1001, 1001],
    ['1001', '1001', 1001, 1001],
    ['team:50', '1001:50', 1001, 50],
    ['spaced', '1009:1009', 1009, 1009],
  ])('%s becomes %s', (requested, handedOver, uid, gid) => {
    expect(resolve(requested)).toEqual({ kind: 'resolved', user: { spec: handedOver, uid, gid, notices: [] } });
  });

  it.each([
    ['4242', '4242:4242', /not in \/etc\/passwd/],
    ['wheel', '1002:1002', /without its supplementary groups/],
    ['alias', '1001:2001', /without its supplementary groups/],
    ['1004', '1004:1004', /without its supplementary groups/],
  ])('%s is made safe as %s, with a notice', (requested, handedOver, notice) => {
    const answer = resolve(requested);
    expect(answer).toMatchObject({
      kind: 'resolved',
      user: { spec: handedOver, notices: [expect.stringMatching(notice)] },
    });
  });

  it.each([
    'root',
    '0',
    '00',
    '0000',
    '0:0',
    '0:1000',
    'root:app',
    'toor',
    'toor:app',
    ':1000',
    ':',
    '+0',
    '-0',
    ' 0',
    '0 ',
    ' root',
    'broken',
    'nouid',
    'text',
    'nouid:1000',
  ])('%j is root and refused', (requested) => {
    expect(resolve(requested)).toMatchObject({
      kind: 'denied',
      verdict: { allowed: false, rule: 'user.root', part: requested },
    });
  });

  it.each(['app:0', 'app:root', '1000:00', '1000:+0', 'zero', '1003', 'nogid'])(
    '%j has the root group and is refused',
    (requested) => {
      expect(resolve(requested)).toMatchObject({
        kind: 'denied',
        verdict: { rule: 'user.root-group', part: requested },
      });
    },
  );

  it.each([
    '+1000',
    '-1',
    '1000:',
    'app:',
    'a:b:c',
    '2147483648',
    '4294967296',
    '9'.repeat(30),
    '1000:4294967296',
    'a b',
    'a\nb',
    'huge',
  ])('%j is malformed and refused, root allowed or not', (requested) => {
    expect(resolve(requested)).toMatchObject({ kind: 'denied', verdict: { rule: 'user.spec' } });
    expect(resolve(requested, { allowRoot: true })).toMatchObject({ kind: 'denied', verdict: { rule: 'user.spec' } });
  });

  it.each(['nobody-here', 'app:nothing', '0x0', '1e3', '٠', 'ROOT'])('%j is not found', (requested) => {
    expect(resolve(requested)).toEqual({ kind: 'not_found', name: requested });
  });

  it('is refused where the container adds the root group to every command', () => {
    for (const added of ['0', 'root', '00']) {
      expect(resolve('app', { groupAdd: ['77', added] })).toMatchObject({
        kind: 'denied',
        verdict: { rule: 'user.root-group' },
      });
      expect(resolve(undefined, { groupAdd: [added] }).kind).toBe('denied');
      expect(spec('app', { groupAdd: [added], allowRoot: true })).toBe('1000');
    }
    expect(spec('app', { groupAdd: ['77', 'staff'] })).toBe('1000:1000');
  });

  it('never gets uid or gid 0, whatever is asked and whatever the files say', () => {
    const field = fc.constantFrom('0', '00', '1', '1000', '', 'abc', '+0', '-1', 'root', 'app', '99999999999', ' ');
    const line = fc.array(field, { maxLength: 7 }).map((fields) => fields.join(':'));
    const file = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'));
    const wanted = fc.option(
      fc.oneof(
        field,
        fc.tuple(field, field).map((pair) => pair.join(':')),
        fc.string(),
      ),
      { nil: undefined },
    );
    fc.assert(
      fc.property(wanted, wanted, wanted, file, file, (requested, defaultUser, containerUser, passwd, group) => {
        const answer = resolve(requested, { defaultUser, containerUser: containerUser ?? '', passwd, group });
        if (answer.kind !== 'resolved') return;
        expect(answer.user.uid).toBeGreaterThan(0);
        expect(answer.user.gid).toBeGreaterThan(0);
        expect(answer.user.spec).toMatch(/^[1-9]\d*(:[1-9]\d*)?$/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('no user asked for', () => {
  it.each(['', '0', 'root', 'root:app', '0:1000', 'toor', 'broken'])(
    'runs as nobody where the container is %j',
    (containerUser) => {
      expect(resolve(undefined, { containerUser })).toMatchObject({
        kind: 'resolved',
        user: {
          spec: '65534:65534',
          uid: 65534,
          gid: 65534,
          notices: [expect.stringMatching(/`user` argument.*MCP_DOCKER_DEFAULT_USER/)],
        },
      });
    },
  );

  it('runs as nobody in an image without /etc/passwd', () => {
    expect(spec(undefined, { passwd: '', group: '', containerUser: 'root' })).toBe('65534:65534');
  });

  it.each([
    ['app', '1000:1000', 0],
    ['1000', '1000:1000', 0],
    ['team', '1001', 0],
    ['5000', '5000:5000', 1],
    ['zero', '1003:1003', 1],
    ['app:0', '1000:1000', 1],
    ['wheel', '1002:1002', 1],
  ])("keeps the container's own %s as %s", (containerUser, handedOver, notices) => {
    const answer = resolve(undefined, { containerUser });
    expect(answer).toMatchObject({ kind: 'resolved', user: { spec: handedOver } });
    expect(answer.kind === 'resolved' ? answer.user.notices : []).toHaveLength(notices);
  });

  it("says so where the container's own user is not found", () => {
    expect(resolve(undefined, { containerUser: 'ghost' })).toEqual({ kind: 'not_found', name: 'ghost' });
  });

  it('uses the default user, by the same rules', () => {
    expect(spec(undefined, { defaultUser: 'team', containerUser: 'app' })).toBe('1001');
    expect(spec('', { defaultUser: 'team' })).toBe('1001');
    expect(spec('app', { defaultUser: 'team' })).toBe('1000:1000');
    expect(spec(undefined, { defaultUser: 'toor' })).toBe('denied');
    expect(spec(undefined, { defaultUser: 'ghost' })).toBe('not_found');
  });
});

describe('root allowed, or security off', () => {
  it.each([{ allowRoot: true }, { enforce: false }])('runs as asked with %j', (changes) => {
    expect(spec('root', changes)).toBe('0');
    expect(spec('0', changes)).toBe('0');
    expect(spec('toor', changes)).toBe('0:0');
    expect(spec('app:0', changes)).toBe('1000:0');
    expect(spec('app', changes)).toBe('1000');
    expect(spec('4242', changes)).toBe('4242');
    expect(spec('ghost', changes)).toBe('not_found');
    expect(spec(undefined, changes)).toBe('0');
    expect(spec(undefined, { ...changes, containerUser: 'app' })).toBe('1000');
    expect(spec(undefined, { ...changes, passwd: '', group: '' })).toBe('0');
  });
});

describe('meansRoot', () => {
  it.each(['root', '0', '000', '+0', 'root:app', 'app:root', '1000:0', ':5', ' 0 '])('%j does', (text) => {
    expect(meansRoot(text)).toBe(true);
  });

  it.each(['app', '1000', '10', '1000:1000', 'rooter', 'app:10', ''])('%j does not', (text) => {
    expect(meansRoot(text)).toBe(false);
  });
});
