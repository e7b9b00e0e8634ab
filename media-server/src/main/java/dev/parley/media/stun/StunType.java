package dev.parley.media.stun;

/** The four message types of the Binding method (RFC 8489 section 5), as they stand on the wire. */
public final class StunType {
  public static final int BINDING_REQUEST = 0x0001;
  public static final int BINDING_INDICATION = 0x0011;
  public static final int BINDING_SUCCESS = 0x0101;
  public static final int BINDING_ERROR = 0x0111;

  private StunType() {}
}
