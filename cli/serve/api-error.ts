/** An error as OpenAI's clients read it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
    /** The field of the request that is wrong; null where it is none. */
    readonly param: string | null = null,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  get body() {
    const { status, message, param } = this;
    return {
      error: { message, type: TYPES[status] ?? 'server_error', param, code: CODES[status] ?? status },
    };
  }
}

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'invalid_request_error',
  413: 'invalid_request_error',
  415: 'invalid_request_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

const CODES: Readonly<Record<number, string>> = {
  401: 'invalid_api_key',
  404: 'not_found',
};

/** Seconds until a client should ask again. */
const RETRY_S = '1';

export const overloaded = (message: string) => new ApiError(503, message, null, { 'Retry-After': RETRY_S });

/** A wrong field, with what was given and what is allowed. */
export function wrongField(param: string, allowed: string, given: unknown): ApiError {
  const shown = JSON.stringify(given) ?? 'nothing';
  return new ApiError(
    400,
    `${param} must be ${allowed}; given: ${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown}.`,
    param,
  );
}
