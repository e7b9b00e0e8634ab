package dev.parley.media.opus;

/** Opus by Concentus, a Java port of libopus: for machines without the library. Immutable. */
final class ConcentusCodec implements OpusCodec {
  static final ConcentusCodec INSTANCE = new ConcentusCodec();

  private ConcentusCodec() {}

  @Override
  public OpusEncoder newEncoder(OpusEncoderSettings settings) {
    return new ConcentusEncoder(settings);
  }

  @Override
  public OpusDecoder newDecoder(int channels) {
    return new ConcentusDecoder(channels);
  }

  @Override
  public String name() {
    return "concentus";
  }

  /** The jar does not tell its version; the manifest's is taken where there is one. */
  @Override
  public String version() {
    String version =
        io.github.jaredmdobson.concentus.OpusEncoder.class.getPackage().getImplementationVersion();
    return version != null ? version : "unknown";
  }

  @Override
  public boolean isNative() {
    return false;
  }

  @Override
  public String toString() {
    return name() + " " + version();
  }
}
