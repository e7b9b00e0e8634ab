package dev.parley.session.object.directory;

import dev.parley.common.s3.SignedRequest;
import dev.parley.common.s3.UrlRequest;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What a request brings to be kept. Stateless. */
final class Received {
  private static final int CHUNK_BYTES = 64 << 10;
  private static final int HASH_BYTES = 32;

  private Received() {}

  /** Why a body is not even read, or null. */
  static @Nullable StoreError refusal(SignedRequest request, Context context, long bytesMax) {
    String sha256 = request.headers().get(UrlRequest.SHA256);
    if (sha256 != null && !isHash(sha256)) {
      return StoreError.BAD_HASH_TEXT;
    }
    long length = context.req().getContentLengthLong();
    if (length < 0) {
      return StoreError.NO_LENGTH;
    }
    return length > bytesMax ? StoreError.TOO_LARGE : null;
  }

  /** Reads a body, as far as it comes. */
  static void readInto(ObjectFolder.Writing writing, InputStream body) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int count = next(body, chunk); count >= 0; count = next(body, chunk)) {
      writing.add(chunk, count);
    }
  }

  /** Reads on; a client that broke off is at its end, too. */
  private static int next(InputStream body, byte[] chunk) {
    try {
      return body.read(chunk);
    } catch (IOException e) {
      return -1;
    }
  }

  private static boolean isHash(String text) {
    try {
      byte[] hash = Base64.getDecoder().decode(text);
      return hash.length == HASH_BYTES && Base64.getEncoder().encodeToString(hash).equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
