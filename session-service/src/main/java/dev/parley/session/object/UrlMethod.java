package dev.parley.session.object;

/** What one may do by a signed URL (RFC 9110, section 9). */
public enum UrlMethod {
  GET,
  HEAD,
  PUT,
  POST,
  DELETE
}
