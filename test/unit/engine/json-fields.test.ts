import { describe, expect, it } from 'vitest';
import { JsonFields } from '../../../src/engine/json-fields.ts';

const fields = new JsonFields({
  text: 'a',
  flag: true,
  count: 3,
  nothing: null,
  inner: { deep: 1 },
  objects: [{ text: 'b' }],
  texts: ['c'],
  labels: { d: 'e' },
});

it('reads what is there', () => {
  expect(fields.text('text')).toBe('a');
  expect(fields.flag('flag')).toBe(true);
  expect(fields.count('count')).toBe(3);
  expect(fields.object('inner').count('deep')).toBe(1);
  expect(fields.objects('objects').map((one) => one.text('text'))).toEqual(['b']);
  expect(fields.texts('texts')).toEqual(['c']);
  expect(fields.dictionary('labels')).toEqual({ d: 'e' });
});

describe.each(['absent', 'nothing'])('takes %s for absent', (name) => {
  it('with a fallback', () => {
    expect(fields.text(name, 'x')).toBe('x');
    expect(fields.flag(name, false)).toBe(false);
    expect(fields.count(name)).toBeNull();
    expect(fields.objects(name)).toEqual([]);
    expect(fields.texts(name)).toEqual([]);
    expect(fields.dictionary(name)).toEqual({});
  });

  it('without one', () => {
    expect(() => fields.text(name)).toThrow(`the answer.${name}: expected a string, the engine gave nothing`);
    expect(() => fields.flag(name)).toThrow(TypeError);
    expect(() => fields.object(name)).toThrow(TypeError);
  });
});

it.each([
  () => fields.text('count', 'x'),
  () => fields.flag('text', true),
  () => fields.count('text'),
  () => new JsonFields({ half: 1.5 }).count('half'),
  () => fields.object('texts'),
  () => fields.objects('labels'),
  () => fields.objects('texts'),
  () => fields.texts('objects'),
  () => fields.dictionary('inner'),
  () => new JsonFields([]),
  () => new JsonFields(null),
])('refuses another type: %s', (read) => {
  expect(read).toThrow(TypeError);
});

it('says where in the answer', () => {
  expect(() => fields.objects('objects')[0]?.flag('text')).toThrow(
    'the answer.objects[0].text: expected true or false, the engine gave "b"',
  );
});

it('does not take inherited properties for fields', () => {
  expect(() => fields.object('constructor')).toThrow(TypeError);
  expect(() => fields.text('toString')).toThrow('the engine gave nothing');
});
