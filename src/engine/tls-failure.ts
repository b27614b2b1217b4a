/** Why a TLS connection came to nothing, and what to do about it. */
export interface TlsFailure {
  readonly reason: string;
  readonly hint: string;
}

const WRONG_CA: TlsFailure = {
  reason: 'its certificate is not signed by the CA that is trusted here',
  hint: 'Make ca.pem the certificate of the CA that signed the certificate of the engine (in DOCKER_CERT_PATH, or in the TLS files of the context).',
};
const WRONG_NAME: TlsFailure = {
  reason: 'its certificate is made out to another host name',
  hint: 'Address the engine by a host name that its certificate states, or have this one added to its subjectAltName.',
};
const EXPIRED: TlsFailure = {
  reason: 'its certificate has expired',
  hint: 'Renew the certificate of the engine (or of its CA), or set the clock of this machine right.',
};
const NOT_YET: TlsFailure = {
  reason: 'its certificate is not valid yet',
  hint: 'Check the clocks of this machine and of the one with the engine.',
};
/** Docker 20.10 says the same where it is given no certificate and where it does not take the one it is given. */
const CLIENT_CERTIFICATE: TlsFailure = {
  reason: 'it was given no client certificate that it takes',
  hint: 'DOCKER_CERT_PATH (or the TLS files of the context) must have cert.pem and key.pem, signed by the CA that the engine trusts, made out for client use and not expired.',
};
const NOT_TLS: TlsFailure = {
  reason: 'what answers there does not speak TLS',
  hint: 'Check the port (2376 is usual for TLS), or unset DOCKER_TLS_VERIFY if the engine is meant to be reached in plain text.',
};
const OTHER: TlsFailure = {
  reason: 'the TLS connection failed',
  hint: 'Check ca.pem, cert.pem and key.pem, and the TLS settings of the engine.',
};

/** Node's names of what OpenSSL said: of the engine's certificate, and as alerts that the engine sent. */
const FAILURES: Readonly<Record<string, TlsFailure>> = {
  SELF_SIGNED_CERT_IN_CHAIN: WRONG_CA,
  DEPTH_ZERO_SELF_SIGNED_CERT: WRONG_CA,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: WRONG_CA,
  UNABLE_TO_GET_ISSUER_CERT: WRONG_CA,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: WRONG_CA,
  CERT_SIGNATURE_FAILURE: WRONG_CA,
  CERT_UNTRUSTED: WRONG_CA,
  INVALID_CA: WRONG_CA,
  ERR_TLS_CERT_ALTNAME_INVALID: WRONG_NAME,
  HOSTNAME_MISMATCH: WRONG_NAME,
  CERT_HAS_EXPIRED: EXPIRED,
  CERT_NOT_YET_VALID: NOT_YET,
  ALERT_CERTIFICATE_REQUIRED: CLIENT_CERTIFICATE,
  ALERT_HANDSHAKE_FAILURE: CLIENT_CERTIFICATE,
  ALERT_BAD_CERTIFICATE: CLIENT_CERTIFICATE,
  ALERT_UNSUPPORTED_CERTIFICATE: CLIENT_CERTIFICATE,
  ALERT_CERTIFICATE_EXPIRED: CLIENT_CERTIFICATE,
  ALERT_CERTIFICATE_UNKNOWN: CLIENT_CERTIFICATE,
  ALERT_UNKNOWN_CA: CLIENT_CERTIFICATE,
  ERR_SSL_WRONG_VERSION_NUMBER: NOT_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NOT_TLS,
  EPROTO: OTHER,
};

/** OpenSSL puts another version of the protocol in front of an alert's name from one of its own versions to the next. */
const ALERT = /^ERR_SSL_(?:SSLV3|SSL\/TLS|TLSV1|TLSV13)_(ALERT_\w+)$/;

/** OpenSSL's words for what was wrong are a code on most errors, and in the message alone where the handshake broke off. */
function nameOf(code: string, message: string): string {
  const words = code === 'EPROTO' ? /SSL routines:\w*:([^:]+):/.exec(message)?.[1] : undefined;
  return words === undefined ? code : `ERR_SSL_${words.toUpperCase().replaceAll(' ', '_')}`;
}

/** What a socket's error of this code says of TLS; undefined where it says nothing of it. */
export function tlsFailure(code: string, message: string): TlsFailure | undefined {
  const name = nameOf(code, message);
  const alert = ALERT.exec(name)?.[1] ?? '';
  return FAILURES[name] ?? FAILURES[alert] ?? (/^ERR_(?:SSL|TLS)_/.test(name) ? OTHER : undefined);
}
