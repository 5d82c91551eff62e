/** What Chromium says where Node fails: chromium/net/base/net_error_list.h, as electron/shell/common/api/electron_api_url_loader.cc hands it on. */

type Moment = {
  /** The connection is one to a proxy. */
  readonly toProxy?: boolean;
  /** A response has begun. */
  readonly hasBegun?: boolean;
  readonly isChunked?: boolean;
};

const byCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'CONNECTION_REFUSED', ECONNRESET: 'CONNECTION_RESET', EPIPE: 'CONNECTION_RESET', ECONNABORTED: 'CONNECTION_ABORTED', ETIMEDOUT: 'CONNECTION_TIMED_OUT',
  ENOTFOUND: 'NAME_NOT_RESOLVED', EAI_AGAIN: 'NAME_NOT_RESOLVED', EAI_FAIL: 'NAME_NOT_RESOLVED',
  EHOSTUNREACH: 'ADDRESS_UNREACHABLE', ENETUNREACH: 'ADDRESS_UNREACHABLE', EADDRNOTAVAIL: 'ADDRESS_INVALID', EACCES: 'NETWORK_ACCESS_DENIED',
  CERT_HAS_EXPIRED: 'CERT_DATE_INVALID', CERT_NOT_YET_VALID: 'CERT_DATE_INVALID', ERR_TLS_CERT_ALTNAME_INVALID: 'CERT_COMMON_NAME_INVALID', CERT_REVOKED: 'CERT_REVOKED',
  Z_DATA_ERROR: 'CONTENT_DECODING_FAILED', Z_BUF_ERROR: 'CONTENT_DECODING_FAILED', HPE_HEADER_OVERFLOW: 'RESPONSE_HEADERS_TOO_BIG', HPE_INVALID_CHUNK_SIZE: 'INVALID_CHUNKED_ENCODING',
};

const untrusted = /^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(GET|VERIFY)|CERT_UNTRUSTED|CERT_CHAIN|INVALID_CA|CERT_SIGNATURE)/;

export const netErrorOf = (error: unknown, { toProxy = false, hasBegun = false, isChunked = false }: Moment = {}): string => {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (toProxy) return untrusted.test(code) || /CERT/.test(code) ? 'net::ERR_PROXY_CERTIFICATE_INVALID' : 'net::ERR_PROXY_CONNECTION_FAILED';
  // Node says that a reply was cut; Chromium says by what it has noticed it.
  if (hasBegun && code === 'ECONNRESET') return `net::ERR_${isChunked ? 'INCOMPLETE_CHUNKED_ENCODING' : 'CONTENT_LENGTH_MISMATCH'}`;
  // Closed before anything came, without a reset.
  if (code === 'ECONNRESET' && (error as Error).message === 'socket hang up') return 'net::ERR_EMPTY_RESPONSE';
  const named = byCode[code];
  if (named !== undefined) return `net::ERR_${named}`;
  if (untrusted.test(code)) return 'net::ERR_CERT_AUTHORITY_INVALID';
  if (code.startsWith('HPE_')) return 'net::ERR_INVALID_HTTP_RESPONSE';
  return /^(EPROTO|ERR_SSL|ERR_TLS)/.test(code) ? 'net::ERR_SSL_PROTOCOL_ERROR' : 'net::ERR_FAILED';
};
