package dev.parley.session.conference;

/** Too many changed the same record at once; the request may be sent again. */
public final class ContendedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ContendedException(String what) {
    super("too many changes at once of " + what);
  }
}
