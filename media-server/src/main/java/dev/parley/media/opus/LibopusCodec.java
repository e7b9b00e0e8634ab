package dev.parley.media.opus;

/** Opus by the system's libopus. Immutable. */
final class LibopusCodec implements OpusCodec {
  static final LibopusCodec INSTANCE = new LibopusCodec();

  private static final String VERSION_PREFIX = "libopus ";

  private final String version;

  private LibopusCodec() {
    String versionString = LibopusFunctions.versionString();
    version =
        versionString.startsWith(VERSION_PREFIX)
            ? versionString.substring(VERSION_PREFIX.length())
            : versionString;
  }

  @Override
  public OpusEncoder newEncoder(OpusEncoderSettings settings) {
    return new LibopusEncoder(settings);
  }

  @Override
  public OpusDecoder newDecoder(int channels) {
    return new LibopusDecoder(channels);
  }

  @Override
  public String name() {
    return "libopus";
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public boolean isNative() {
    return true;
  }

  @Override
  public String toString() {
    return name() + " " + version;
  }
}
