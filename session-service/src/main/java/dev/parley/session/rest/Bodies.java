package dev.parley.session.rest;

import dev.parley.common.sdp.SdpFragment;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads request bodies: bounded, of the right type, in UTF-8. */
final class Bodies {
  static final String SDP = "application/sdp";
  static final String SDP_FRAGMENT = "application/trickle-ice-sdpfrag";
  static final int JSON_LENGTH_MAX = 256 << 10;
  static final int SDP_LENGTH_MAX = 64 << 10;

  /** Of a body that is too large, what is read and dropped before it is refused. */
  private static final int DROPPED_LENGTH_MAX = 1 << 20;

  private static final byte[] NOTHING = {};
  private static final String READ = "body.read";

  private Bodies() {}

  /** Returns the JSON object that the body holds; an empty body is an empty object. */
  static JsonBody json(Context context) {
    byte[] bytes = read(context, JSON_LENGTH_MAX);
    if (bytes.length == 0) {
      return JsonBody.empty();
    }
    requireType(context, "application/json", "Accept-Post");
    return JsonBody.parse(text(bytes));
  }

  static String sdp(Context context) {
    requireType(context, SDP, "Accept-Post");
    String sdp = text(read(context, SDP_LENGTH_MAX));
    if (sdp.isEmpty()) {
      throw Problem.malformed("The body is empty; send the SDP offer.").exception();
    }
    return sdp;
  }

  /** Returns the part of a session description that tells of ICE alone (RFC 8840). */
  static SdpFragment sdpFragment(Context context) {
    requireType(context, SDP_FRAGMENT, "Accept-Patch");
    String text = text(read(context, SDP_LENGTH_MAX));
    try {
      return SdpFragment.parse(text);
    } catch (IllegalArgumentException e) {
      throw Problem.malformed(String.valueOf(e.getMessage())).exception();
    }
  }

  private static void requireType(Context context, String wanted, String header) {
    String given = context.req().getContentType();
    if (!wanted.equals(mediaType(given))) {
      throw new Problem(
              415,
              "unsupported-media-type",
              "Wrong type of body",
              "Send the body as " + wanted + " and say so in Content-Type.")
          .withHeader(header, wanted)
          .exception();
    }
  }

  private static @Nullable String mediaType(@Nullable String contentType) {
    if (contentType == null) {
      return null;
    }
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return type.strip().toLowerCase(Locale.ROOT);
  }

  /** Reads the body once, however often it is asked for. */
  private static byte[] read(Context context, int lengthMax) {
    byte[] before = context.attribute(READ);
    byte[] bytes = before == null ? readOnce(context, lengthMax) : before;
    context.attribute(READ, bytes);
    return bytes;
  }

  private static byte[] readOnce(Context context, int lengthMax) {
    boolean isTooLarge = context.req().getContentLengthLong() > lengthMax;
    try (InputStream body = context.req().getInputStream()) {
      byte[] bytes = isTooLarge ? NOTHING : body.readNBytes(lengthMax + 1);
      if (isTooLarge || bytes.length > lengthMax) {
        // The connection of a client that still sends would be reset, and our answer lost with it.
        body.skip(DROPPED_LENGTH_MAX);
        throw tooLarge(lengthMax);
      }
      return bytes;
    } catch (IOException e) {
      throw Problem.malformed("The body broke off.").exception();
    }
  }

  private static ProblemException tooLarge(int lengthMax) {
    return new Problem(
            413,
            "too-large",
            "Body too large",
            "The body may have " + (lengthMax >> 10) + " KiB here; send less.")
        .exception();
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw Problem.malformed("The body is not UTF-8.").exception();
    }
  }
}
