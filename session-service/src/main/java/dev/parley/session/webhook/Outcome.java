package dev.parley.session.webhook;

/** What came of one attempt to deliver. */
public enum Outcome {
  /** The endpoint answered 2xx in time. */
  DELIVERED("Attempts that the endpoint answered with 2xx"),
  /** It answered with another status. */
  REFUSED("Attempts that the endpoint answered with an error"),
  /** It answered 410: it wants no more. */
  GONE("Attempts answered 410, which disables the endpoint"),
  /** It answered 3xx; the owner has to change the URL. */
  REDIRECTED("Attempts answered with a redirect, which is not followed"),
  /** No whole answer in time. */
  TIMED_OUT("Attempts without an answer in time"),
  /** No connection, or it broke, or the answer was no HTTP. */
  UNREACHABLE("Attempts that found no connection or lost it"),
  /** TLS failed: the certificate is not for that name, or nobody we trust signed it. */
  NOT_SECURE("Attempts that failed in TLS"),
  /** The name has no address. */
  NAME_UNKNOWN("Attempts whose name had no address"),
  /** The name leads to an address that nothing may be sent to. */
  ADDRESS_REFUSED("Attempts whose name led to an address that is not public"),
  /** Nothing was tried: the endpoint is disabled. */
  DISABLED("Deliveries given up because the endpoint is disabled");

  private final String description;

  Outcome(String description) {
    this.description = description;
  }

  /** What its counter counts. */
  public String description() {
    return description;
  }
}
