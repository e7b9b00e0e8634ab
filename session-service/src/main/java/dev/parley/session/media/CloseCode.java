package dev.parley.session.media;

/** Why a control link is closed (RFC 6455 §7.4; 4000 and above are ours, docs/protocol.md). */
final class CloseCode {
  static final int NORMAL = 1000;
  static final int GOING_AWAY = 1001;
  static final int UNEXPECTED = 4400;
  static final int WRONG_CERTIFICATE = 4403;
  static final int NO_COMMON_VERSION = 4406;
  static final int TOO_SLOW = 4408;
  static final int FENCED = 4409;
  static final int TOO_MANY = 4429;

  private CloseCode() {}
}
