package dev.parley.media.opus;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * libopus' functions as Java calls. The handles are constants, so that the JIT compiles a call to a
 * plain native call without garbage. Initialised only where {@link LibopusLibrary#isPresent} holds.
 */
final class LibopusFunctions {
  static final int APPLICATION_VOIP = 2048;
  static final int APPLICATION_AUDIO = 2049;
  static final int SIGNAL_AUTO = -1000;
  static final int SIGNAL_VOICE = 3001;
  static final int SET_BITRATE = 4002;
  static final int SET_COMPLEXITY = 4010;
  static final int SET_INBAND_FEC = 4012;
  static final int SET_PACKET_LOSS_PERCENT = 4014;
  static final int SET_DTX = 4016;
  static final int SET_SIGNAL = 4024;
  static final int GET_LOOKAHEAD = 4027;
  static final int RESET_STATE = 4028;
  static final int SET_PREDICTION_DISABLED = 4042;

  /**
   * The arguments of a ctl call from this one on are variadic, which some ABIs pass differently.
   */
  private static final int CTL_FIXED_ARGUMENTS = 2;

  private static final MethodHandle GET_VERSION_STRING =
      bind("opus_get_version_string", FunctionDescriptor.of(ADDRESS));
  private static final MethodHandle ENCODER_GET_SIZE =
      bind("opus_encoder_get_size", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle ENCODER_INIT =
      bind(
          "opus_encoder_init",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle ENCODER_CTL_SET = bindCtl("opus_encoder_ctl", JAVA_INT);
  private static final MethodHandle ENCODER_CTL_GET = bindCtl("opus_encoder_ctl", ADDRESS);
  private static final MethodHandle ENCODE_FLOAT =
      bind(
          "opus_encode_float",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle DECODER_GET_SIZE =
      bind("opus_decoder_get_size", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle DECODER_INIT =
      bind("opus_decoder_init", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle DECODER_CTL_SET = bindCtl("opus_decoder_ctl", JAVA_INT);
  private static final MethodHandle DECODE_FLOAT =
      bind(
          "opus_decode_float",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

  private static final long VERSION_LENGTH_MAX = 256;

  private LibopusFunctions() {}

  /** Such as {@code libopus 1.3.1}. */
  @SuppressWarnings("restricted")
  static String versionString() {
    try {
      MemorySegment address = (MemorySegment) GET_VERSION_STRING.invokeExact();
      return address.reinterpret(VERSION_LENGTH_MAX).getString(0);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int encoderGetSize(int channels) {
    try {
      return (int) ENCODER_GET_SIZE.invokeExact(channels);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int encoderInit(
      MemorySegment encoder, int samplesPerSecond, int channels, int application) {
    try {
      return (int) ENCODER_INIT.invokeExact(encoder, samplesPerSecond, channels, application);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int encoderSet(MemorySegment encoder, int request, int value) {
    try {
      return (int) ENCODER_CTL_SET.invokeExact(encoder, request, value);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int encoderGet(MemorySegment encoder, int request, MemorySegment answer) {
    try {
      return (int) ENCODER_CTL_GET.invokeExact(encoder, request, answer);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int encode(
      MemorySegment encoder,
      MemorySegment samples,
      int frameSamples,
      MemorySegment packet,
      int packetLengthMax) {
    try {
      return (int)
          ENCODE_FLOAT.invokeExact(encoder, samples, frameSamples, packet, packetLengthMax);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int decoderGetSize(int channels) {
    try {
      return (int) DECODER_GET_SIZE.invokeExact(channels);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int decoderInit(MemorySegment decoder, int samplesPerSecond, int channels) {
    try {
      return (int) DECODER_INIT.invokeExact(decoder, samplesPerSecond, channels);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int decoderSet(MemorySegment decoder, int request, int value) {
    try {
      return (int) DECODER_CTL_SET.invokeExact(decoder, request, value);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int decode(
      MemorySegment decoder,
      MemorySegment packet,
      int packetLength,
      MemorySegment samples,
      int frameSamplesMax,
      int decodeFec) {
    try {
      return (int)
          DECODE_FLOAT.invokeExact(
              decoder, packet, packetLength, samples, frameSamplesMax, decodeFec);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle bind(
      String function, FunctionDescriptor descriptor, Linker.Option... options) {
    MemorySegment address = LibopusLibrary.symbols().find(function).orElseThrow();
    return Linker.nativeLinker().downcallHandle(address, descriptor, options);
  }

  private static MethodHandle bindCtl(String function, MemoryLayout argument) {
    return bind(
        function,
        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, argument),
        Linker.Option.firstVariadicArg(CTL_FIXED_ARGUMENTS));
  }

  /**
   * libopus throws nothing; what arrives here is ours: a wrong signature, or memory closed too
   * early.
   */
  private static RuntimeException impossible(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException("libopus call failed", e);
  }
}
