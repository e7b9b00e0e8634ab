package dev.parley.session.object.directory;

import dev.parley.common.s3.SignatureCheck;
import dev.parley.common.s3.SignedRequest;
import dev.parley.common.s3.UrlRequest;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests to {@code /bucket/key} whose signature is good: reads, writes and removes one
 * object each. Thread-safe; each request on a thread that may block.
 */
final class ObjectHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectHandler.class);
  private static final int CHUNK_BYTES = 64 << 10;
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.!*'()/-]{1,1024}");
  static final Pattern TYPE = Pattern.compile("[ -~]{0,255}");
  private static final String UNKNOWN_TYPE = "application/octet-stream";
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private final ObjectFolder folder;
  private final UploadHandler uploads;
  private final ListHandler lists;
  private final SignatureCheck signatures;
  private final String bucket;
  private final long objectBytesMax;
  private final Clock clock;
  private final LongAdder refused = new LongAdder();
  private final LongAdder receivedBytes = new LongAdder();
  private final LongAdder sentBytes = new LongAdder();

  /**
   * Serves one bucket.
   *
   * @param objectBytesMax the largest object, in bytes
   */
  ObjectHandler(
      ObjectFolder folder,
      UploadHandler uploads,
      SignatureCheck signatures,
      String bucket,
      long objectBytesMax,
      Clock clock) {
    this.folder = folder;
    this.uploads = uploads;
    this.lists = new ListHandler(folder, bucket);
    this.signatures = signatures;
    this.bucket = bucket;
    this.objectBytesMax = objectBytesMax;
    this.clock = clock;
  }

  /** How many requests were refused. */
  long refusedCount() {
    return refused.sum();
  }

  /** Bytes of contents that were kept. */
  long receivedBytes() {
    return receivedBytes.sum() + uploads.receivedBytes();
  }

  /** Bytes of contents that were sent. */
  long sentBytes() {
    return sentBytes.sum();
  }

  /** Answers one request. */
  void handle(Context context) throws IOException {
    // What lies here was made by strangers; a browser is not to run it.
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Content-Security-Policy", "default-src 'none'; sandbox");
    StoreError error;
    try {
      error = answer(context);
    } catch (IOException e) {
      if (context.res().isCommitted()) {
        // The client went away, or the disk broke in the middle: cut is all that one can say.
        throw e;
      }
      LOG.error("{} failed", context.method(), e);
      error = StoreError.FAILED;
    }
    if (error != null) {
      refused.increment();
      context.status(error.status()).contentType("application/xml");
      if (!context.method().equals(HandlerType.HEAD)) {
        context.result(error.xml());
      }
    }
  }

  private @Nullable StoreError answer(Context context) throws IOException {
    SignedRequest request =
        SignedRequest.parse(
            context.req().getMethod(),
            context.req().getRequestURI(),
            context.req().getQueryString(),
            headers(context));
    if (request == null) {
      return StoreError.MALFORMED;
    }
    StoreError refusal = refusal(signatures.check(request, clock.instant().getEpochSecond()));
    if (refusal != null) {
      return refusal;
    }
    int slash = request.path().indexOf('/', 1);
    if (slash < 0 || !request.path().substring(1, slash).equals(bucket)) {
      return StoreError.NO_BUCKET;
    }
    String key = request.path().substring(slash + 1);
    if (key.isEmpty() && request.method().equals("GET")) {
      if (request.parameter("uploads") != null) {
        uploads.list(context, request);
        return null;
      }
      return ListHandler.isFor(request) ? lists.answer(context, request) : StoreError.BAD_KEY;
    }
    if (!KEY.matcher(key).matches()) {
      return StoreError.BAD_KEY;
    }
    if (UploadHandler.isFor(request)) {
      return uploads.answer(context, request, key);
    }
    return switch (request.method()) {
      case "GET", "HEAD" -> read(context, request, key);
      case "PUT" -> write(context, request, key);
      case "DELETE" -> {
        folder.delete(bucket, key);
        context.status(204);
        yield null;
      }
      default -> StoreError.METHOD;
    };
  }

  private @Nullable StoreError write(Context context, SignedRequest request, String key)
      throws IOException {
    String sha256 = request.headers().get(UrlRequest.SHA256);
    String type = request.headers().get("content-type");
    StoreError refusal = Received.refusal(request, context, objectBytesMax);
    if (refusal != null) {
      return refusal;
    }
    if (type != null && !TYPE.matcher(type).matches()) {
      return StoreError.BAD_TYPE;
    }
    long length = context.req().getContentLengthLong();
    try (ObjectFolder.Writing writing = folder.write(length)) {
      if (writing == null) {
        return StoreError.FULL;
      }
      Received.readInto(writing, context.bodyInputStream());
      if (!writing.isComplete()) {
        return StoreError.CUT;
      }
      String hash = writing.hash();
      if (sha256 != null && !sha256.equals(hash)) {
        return StoreError.BAD_HASH;
      }
      StoredObject object = new StoredObject(bucket, key, length, type, hash, null, clock.millis());
      writing.keep(object);
      receivedBytes.add(length);
      context.status(200).header("ETag", object.entityTag());
      context.header(UrlRequest.SHA256, hash);
      return null;
    }
  }

  private @Nullable StoreError read(Context context, SignedRequest request, String key)
      throws IOException {
    try (ObjectFolder.Reading reading = folder.read(bucket, key)) {
      if (reading == null) {
        return StoreError.NO_KEY;
      }
      StoredObject object = reading.object();
      describe(context, request, object);
      String unless = context.header("If-None-Match");
      if (unless != null && (unless.equals("*") || unless.contains(object.entityTag()))) {
        context.status(304);
        return null;
      }
      boolean isHead = request.method().equals("HEAD");
      String condition = context.header("If-Range");
      boolean mayBePart = !isHead && (condition == null || condition.equals(object.entityTag()));
      String wanted = mayBePart ? context.header("Range") : null;
      ByteRange range = ByteRange.parse(wanted, object.lengthBytes());
      if (range != null && !range.isSatisfiable()) {
        context.status(416).header("Content-Range", "bytes */" + object.lengthBytes());
        return null;
      }
      if (range != null) {
        context.status(206);
        String place = range.first() + "-" + range.last() + "/" + object.lengthBytes();
        context.header("Content-Range", "bytes " + place);
      }
      ByteRange sent = range == null ? new ByteRange(0, object.lengthBytes() - 1) : range;
      context.res().setContentLengthLong(sent.length());
      if (!isHead) {
        send(reading, sent, context.res().getOutputStream());
      }
      return null;
    }
  }

  private static void describe(Context context, SignedRequest request, StoredObject object) {
    String type = request.parameter("response-content-type");
    String stored = object.contentType() == null ? UNKNOWN_TYPE : object.contentType();
    context.contentType(isHeaderText(type) ? type : stored);
    String disposition = request.parameter("response-content-disposition");
    if (isHeaderText(disposition)) {
      context.header("Content-Disposition", disposition);
    }
    context
        .header("ETag", object.entityTag())
        .header("Last-Modified", HTTP_DATE.format(object.writtenAt()))
        .header("Accept-Ranges", "bytes")
        .header(UrlRequest.SHA256, object.checksum());
  }

  private void send(ObjectFolder.Reading reading, ByteRange range, OutputStream to)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    long at = StoredObject.HEAD_BYTES + range.first();
    long left = range.length();
    while (left > 0) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), left));
      int count = reading.file().read(chunk, at);
      if (count < 0) {
        throw new IOException("the file became shorter");
      }
      to.write(chunk.array(), 0, count);
      at += count;
      left -= count;
      sentBytes.add(count);
    }
  }

  private static @Nullable StoreError refusal(SignatureCheck.Verdict verdict) {
    return switch (verdict) {
      case GOOD -> null;
      case UNSIGNED -> StoreError.UNSIGNED;
      case MALFORMED -> StoreError.INCOMPLETE;
      case FOREIGN -> StoreError.FOREIGN;
      case EXPIRED -> StoreError.EXPIRED;
      case TOO_EARLY -> StoreError.TOO_EARLY;
      case WRONG -> StoreError.WRONG;
    };
  }

  private static boolean isHeaderText(@Nullable String text) {
    return text != null && !text.isEmpty() && TYPE.matcher(text).matches();
  }

  private static Map<String, String> headers(Context context) {
    Map<String, String> headers = new HashMap<>();
    for (String name : Collections.list(context.req().getHeaderNames())) {
      headers.put(
          name.toLowerCase(Locale.ROOT),
          String.join(",", Collections.list(context.req().getHeaders(name))));
    }
    return headers;
  }
}
