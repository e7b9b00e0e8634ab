package dev.parley.media.sdp;

/**
 * One side's ICE username fragment and password (RFC 8839 §5.4).
 *
 * @param ufrag 4 to 256 ice-chars
 * @param password 22 to 256 ice-chars
 */
public record IceCredentials(String ufrag, String password) {
  public IceCredentials {
    if (!isUfrag(ufrag) || !isPassword(password)) {
      throw new IllegalArgumentException("not ICE credentials");
    }
  }

  static boolean isUfrag(String text) {
    return isIceChars(text, 4);
  }

  static boolean isPassword(String text) {
    return isIceChars(text, 22);
  }

  private static boolean isIceChars(String text, int lengthMin) {
    if (text.length() < lengthMin || text.length() > 256) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isLetterOrDigit =
          (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      if (!isLetterOrDigit && c != '+' && c != '/') {
        return false;
      }
    }
    return true;
  }

  /** The password is not for logs. */
  @Override
  public String toString() {
    return "IceCredentials[ufrag=" + ufrag + "]";
  }
}
