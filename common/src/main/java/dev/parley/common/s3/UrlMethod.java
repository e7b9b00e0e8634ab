package dev.parley.common.s3;

/** What one may do by a signed URL (RFC 9110, section 9). */
public enum UrlMethod {
  GET,
  HEAD,
  PUT,
  POST,
  DELETE
}
