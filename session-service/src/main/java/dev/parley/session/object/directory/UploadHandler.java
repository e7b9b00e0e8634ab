package dev.parley.session.object.directory;

import dev.parley.common.s3.SignedRequest;
import dev.parley.common.s3.UrlRequest;
import dev.parley.common.s3.XmlRows;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers what has to do with uploads in parts, as S3 does: they are begun, their parts written and
 * listed, they are completed or given up. Signatures were judged before. Thread-safe; blocks.
 */
final class UploadHandler {
  /** Each part but the last has at least so many bytes. */
  static final long PART_BYTES_MIN = 5 << 20;

  private static final int PARTS_MAX = 10_000;
  private static final int PAGE_PARTS = 1000;
  private static final int PAGE_UPLOADS = 1000;
  private static final int LIST_BYTES_MAX = 4 << 20;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");

  private final UploadFolder folder;
  private final String bucket;
  private final long objectBytesMax;
  private final Clock clock;
  private final LongAdder receivedBytes = new LongAdder();

  UploadHandler(UploadFolder folder, String bucket, long objectBytesMax, Clock clock) {
    this.folder = folder;
    this.bucket = bucket;
    this.objectBytesMax = objectBytesMax;
    this.clock = clock;
  }

  /** True if a request is one of these. */
  static boolean isFor(SignedRequest request) {
    return request.parameter("uploads") != null || request.parameter("uploadId") != null;
  }

  /** Bytes of parts that were kept. */
  long receivedBytes() {
    return receivedBytes.sum();
  }

  /** Answers one. */
  @Nullable StoreError answer(Context context, SignedRequest request, String key)
      throws IOException {
    String id = request.parameter("uploadId");
    if (id == null) {
      return request.method().equals("POST") ? begin(context, request, key) : StoreError.METHOD;
    }
    UploadFolder.Upload upload = folder.find(bucket, key, id);
    if (upload == null) {
      return StoreError.NO_UPLOAD;
    }
    return switch (request.method()) {
      case "PUT" -> write(context, request, upload);
      case "GET" -> parts(context, request, upload);
      case "POST" -> complete(context, upload);
      case "DELETE" -> {
        folder.remove(upload);
        context.status(204);
        yield null;
      }
      default -> StoreError.METHOD;
    };
  }

  /** Lists what is under way: a page of it, beyond the marked upload if one is marked. */
  void list(Context context, SignedRequest request) {
    String prefix = Objects.requireNonNullElse(request.parameter("prefix"), "");
    String key = Objects.requireNonNullElse(request.parameter("key-marker"), "");
    String id = Objects.requireNonNullElse(request.parameter("upload-id-marker"), "");
    List<UploadFolder.Upload> all = folder.list(bucket, prefix, key, id);
    List<UploadFolder.Upload> page = all.subList(0, Math.min(all.size(), PAGE_UPLOADS));
    StoreXml xml = new StoreXml("ListMultipartUploadsResult").text("Bucket", bucket);
    xml.text("IsTruncated", Boolean.toString(page.size() < all.size()));
    if (page.size() < all.size()) {
      xml.text("NextKeyMarker", page.getLast().key());
      xml.text("NextUploadIdMarker", page.getLast().id());
    }
    for (UploadFolder.Upload upload : page) {
      xml.begin("Upload").text("Key", upload.key()).text("UploadId", upload.id());
      xml.text("Initiated", upload.begunAt().toString()).end("Upload");
    }
    xml.send(context);
  }

  private @Nullable StoreError begin(Context context, SignedRequest request, String key)
      throws IOException {
    String type = request.headers().get("content-type");
    if (type != null && !ObjectHandler.TYPE.matcher(type).matches()) {
      return StoreError.BAD_TYPE;
    }
    UploadFolder.Upload upload = folder.begin(bucket, key, type, clock.millis());
    new StoreXml("InitiateMultipartUploadResult")
        .text("Bucket", bucket)
        .text("Key", key)
        .text("UploadId", upload.id())
        .send(context);
    return null;
  }

  private @Nullable StoreError write(
      Context context, SignedRequest request, UploadFolder.Upload upload) throws IOException {
    int number = number(request.parameter("partNumber"));
    if (number < 1) {
      return StoreError.BAD_PART_NUMBER;
    }
    StoreError refusal = Received.refusal(request, context, objectBytesMax);
    if (refusal != null) {
      return refusal;
    }
    String sha256 = request.headers().get(UrlRequest.SHA256);
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
      StoredObject part =
          new StoredObject(bucket, upload.key(), length, null, hash, null, clock.millis());
      if (!folder.keep(upload, number, part, writing)) {
        return StoreError.NO_UPLOAD;
      }
      receivedBytes.add(length);
      context.status(200).header("ETag", part.entityTag()).header(UrlRequest.SHA256, hash);
      return null;
    }
  }

  private @Nullable StoreError parts(
      Context context, SignedRequest request, UploadFolder.Upload upload) throws IOException {
    String marker = request.parameter("part-number-marker");
    int after = marker == null ? 0 : number(marker);
    if (after < 0) {
      return StoreError.BAD_PART_NUMBER;
    }
    SortedMap<Integer, StoredObject> rest = folder.parts(upload).tailMap(after + 1);
    StoreXml xml = new StoreXml("ListPartsResult").text("Bucket", bucket);
    xml.text("Key", upload.key()).text("UploadId", upload.id());
    int count = 0;
    for (Map.Entry<Integer, StoredObject> part : rest.entrySet()) {
      if (count == PAGE_PARTS) {
        break;
      }
      count++;
      after = part.getKey();
      xml.begin("Part").text("PartNumber", Integer.toString(part.getKey()));
      xml.text("ETag", part.getValue().entityTag());
      xml.text("ChecksumSHA256", part.getValue().sha256());
      xml.text("Size", Long.toString(part.getValue().lengthBytes())).end("Part");
    }
    xml.text("NextPartNumberMarker", Integer.toString(after));
    xml.text("IsTruncated", Boolean.toString(count < rest.size()));
    xml.send(context);
    return null;
  }

  private @Nullable StoreError complete(Context context, UploadFolder.Upload upload)
      throws IOException {
    byte[] body = context.bodyInputStream().readNBytes(LIST_BYTES_MAX);
    List<Map<String, String>> wanted = XmlRows.read(body, "Part");
    if (wanted == null || wanted.isEmpty()) {
      return StoreError.BAD_LIST;
    }
    SortedMap<Integer, StoredObject> there = folder.parts(upload);
    List<Integer> numbers = new ArrayList<>();
    long length = 0;
    for (Map<String, String> row : wanted) {
      int number = number(row.get("PartNumber"));
      StoredObject part = there.get(number);
      if (!numbers.isEmpty() && numbers.getLast() >= number) {
        return StoreError.BAD_ORDER;
      }
      if (part == null || !isSame(row, part)) {
        return StoreError.BAD_PART;
      }
      if (part.lengthBytes() < PART_BYTES_MIN && numbers.size() < wanted.size() - 1) {
        return StoreError.SMALL_PART;
      }
      numbers.add(number);
      length += part.lengthBytes();
    }
    if (length > objectBytesMax) {
      return StoreError.TOO_LARGE;
    }
    StoredObject object = folder.complete(upload, numbers, clock.millis());
    if (object == null) {
      return StoreError.FULL;
    }
    new StoreXml("CompleteMultipartUploadResult")
        .text("Bucket", bucket)
        .text("Key", upload.key())
        .text("ETag", object.entityTag())
        .text("ChecksumSHA256", object.checksum())
        .send(context);
    return null;
  }

  private static boolean isSame(Map<String, String> row, StoredObject part) {
    String tag = row.get("ETag");
    String sha256 = row.get("ChecksumSHA256");
    return tag != null
        && (tag.equals(part.entityTag()) || tag.equals(part.sha256()))
        && (sha256 == null || sha256.equals(part.sha256()));
  }

  /** Returns the number of a part, or -1 if it is none. */
  private static int number(@Nullable String text) {
    if (text == null || !NUMBER.matcher(text).matches()) {
      return -1;
    }
    int number = Integer.parseInt(text);
    return number <= PARTS_MAX ? number : -1;
  }
}
