/** RFC 9110 §5.6.2. */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/iu;
/** RFC 9110 §5.5: visible characters, spaces and tabs; bytes above ASCII are let through as Latin-1. */
export const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/u;
