package dev.parley.session.rest;

import dev.parley.session.access.ServiceSecret;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Signs list positions, bound to the filters they were made with, so that a position can neither be
 * made up nor used with another list. Immutable.
 */
final class Cursors {
  private static final int SIGNATURE_LENGTH = 16;

  private final byte[] key;

  Cursors(ServiceSecret secret) {
    key = secret.derive("cursor");
  }

  /**
   * Returns the cursor for a position.
   *
   * @param filters everything that decides what the list holds
   */
  String sign(String position, String filters) {
    byte[] bytes = position.getBytes(StandardCharsets.UTF_8);
    byte[] signature = signature(position, filters);
    byte[] cursor = Arrays.copyOf(signature, SIGNATURE_LENGTH + bytes.length);
    System.arraycopy(bytes, 0, cursor, SIGNATURE_LENGTH, bytes.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(cursor);
  }

  /** Returns the position that a request goes on from, or null if it begins a list. */
  @Nullable String position(Context context, String filters) {
    return accept(context.queryParam("cursor"), filters);
  }

  /** Returns the position that a cursor stands for, or null if there is none; ends a bad one. */
  @Nullable String accept(@Nullable String cursor, String filters) {
    String position = cursor == null ? null : position(cursor, filters);
    if (cursor != null && position == null) {
      throw new Problem(
              400,
              "cursor-invalid",
              "Not a cursor",
              "The cursor is not one we gave for this list; begin again without one.")
          .exception();
    }
    return position;
  }

  /** Returns the position, or null if we did not sign it for these filters. */
  @Nullable String position(String cursor, String filters) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException e) {
      return null;
    }
    if (bytes.length <= SIGNATURE_LENGTH) {
      return null;
    }
    String position =
        new String(
            bytes, SIGNATURE_LENGTH, bytes.length - SIGNATURE_LENGTH, StandardCharsets.UTF_8);
    byte[] given = Arrays.copyOf(bytes, SIGNATURE_LENGTH);
    return MessageDigest.isEqual(given, signature(position, filters)) ? position : null;
  }

  private byte[] signature(String position, String filters) {
    byte[] message = (filters + '\0' + position).getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(ServiceSecret.hmac(key, message), SIGNATURE_LENGTH);
  }
}
