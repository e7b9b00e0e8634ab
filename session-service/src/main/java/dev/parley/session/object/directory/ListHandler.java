package dev.parley.session.object.directory;

import dev.parley.common.s3.SignedRequest;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers with what is kept, as ListObjectsV2 does but for the order, which is that of the files:
 * S3 promises an order of names for some kinds of buckets only. Thread-safe; blocks.
 */
final class ListHandler {
  private static final int KEYS_MAX = 1000;
  private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,3}");

  /** The name of a file with that of its folder before it. */
  private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{64}");

  private final ObjectFolder folder;
  private final String bucket;

  ListHandler(ObjectFolder folder, String bucket) {
    this.folder = folder;
    this.bucket = bucket;
  }

  /** True if a request to the bucket is one of these. */
  static boolean isFor(SignedRequest request) {
    return "2".equals(request.parameter("list-type"));
  }

  /** Answers one. */
  @Nullable StoreError answer(Context context, SignedRequest request) throws IOException {
    String limit = Objects.requireNonNullElse(request.parameter("max-keys"), "1000");
    String after = request.parameter("continuation-token");
    if (!LIMIT.matcher(limit).matches() || (after != null && !TOKEN.matcher(after).matches())) {
      return StoreError.BAD_LISTING;
    }
    String prefix = Objects.requireNonNullElse(request.parameter("prefix"), "");
    ObjectFolder.Page page =
        folder.list(bucket, prefix, after, Math.min(Integer.parseInt(limit), KEYS_MAX));
    StoreXml xml = new StoreXml("ListBucketResult").text("Name", bucket);
    xml.text("KeyCount", Integer.toString(page.objects().size()));
    xml.text("IsTruncated", Boolean.toString(page.next() != null));
    if (page.next() != null) {
      xml.text("NextContinuationToken", page.next());
    }
    for (StoredObject object : page.objects()) {
      xml.begin("Contents").text("Key", object.key());
      xml.text("LastModified", object.writtenAt().toString());
      xml.text("ETag", object.entityTag());
      xml.text("Size", Long.toString(object.lengthBytes())).end("Contents");
    }
    xml.send(context);
    return null;
  }
}
