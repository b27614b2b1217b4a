import { describe, expect, it } from 'vitest';
import { tlsFailure } from '../../../src/engine/tls-failure.ts';

describe('an alert of the engine', () => {
  it.each([
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'Node 20'],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'Node 24'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'TLS 1.3'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'TLS 1.2'],
  ])('%s is about the client certificate (%s)', (code) => {
    expect(tlsFailure(code, '')?.reason).toMatch(/no client certificate that it takes/);
  });

  it('in the message of a handshake that broke off is as good as a code', () => {
    const message = (words: string) =>
      `write EPROTO 0:error:0A000412:SSL routines:ssl3_read_bytes:${words}:rec_layer.c:1:`;
    for (const words of ['sslv3 alert bad certificate', 'ssl/tls alert bad certificate']) {
      expect(tlsFailure('EPROTO', message(words))?.hint).toContain('cert.pem and key.pem');
    }
  });

  it('of another kind is about TLS all the same', () => {
    expect(tlsFailure('ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', '')?.reason).toBe('the TLS connection failed');
  });
});

it('a code of something else says nothing of TLS', () => {
  expect(tlsFailure('ECONNREFUSED', '')).toBeUndefined();
});
