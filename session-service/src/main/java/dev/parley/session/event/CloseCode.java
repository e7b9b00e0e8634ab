package dev.parley.session.event;

/** Why an events socket is closed (docs/protocol.md). */
final class CloseCode {
  static final int NORMAL = 1000;
  static final int GOING_AWAY = 1001;
  static final int MALFORMED = 4400;
  static final int WRONG_TICKET = 4401;
  static final int NOT_FOUND = 4404;
  static final int TOO_SLOW = 4408;
  static final int TOO_MANY = 4429;

  private CloseCode() {}
}
