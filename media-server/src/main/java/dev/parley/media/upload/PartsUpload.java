package dev.parley.media.upload;

import dev.parley.common.control.UploadAnswer.StoreRequest;
import dev.parley.common.control.UploadRequest;
import dev.parley.common.s3.XmlRows;
import dev.parley.media.record.TrackReader;
import dev.parley.media.upload.UploadNote.Part;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A track on its way in parts: as it grows, each part that is full; when it has ended, the rest.
 * What the store has of it is not sent again, not by another process either. One thread at a time.
 */
final class PartsUpload implements Closeable {
  private static final int PAGES_MAX = 11;

  /** After so many refusals one after the other, not silences, the upload is begun anew. */
  private static final int REFUSALS_MAX = 8;

  /** More than what sealing adds to a part, so that a part begun can be read to its end. */
  private static final double SEALED_SHARE = 1.06;

  private static final int SEALED_REST = 64 << 10;

  private final TrackFiles files;
  private final TrackSigner signer;
  private final UploadTools tools;
  private final List<Part> parts = new ArrayList<>();
  private final boolean isResumed;
  private UploadNote note;
  private @Nullable TrackReader reader;
  private Map<Integer, Map<String, String>> listed = new HashMap<>();
  private byte @Nullable [] buffer;
  private int filled;
  private int refusals;

  /**
   * Goes on with what was noted, or begins.
   *
   * @param noted null if nothing was
   */
  PartsUpload(TrackFiles files, @Nullable UploadNote noted, TrackSigner signer, UploadTools tools)
      throws IOException {
    this.files = files;
    this.signer = signer;
    this.tools = tools;
    this.isResumed = noted != null && noted.uploadId() != null;
    if (noted == null) {
      note = new UploadNote(null, tools.settings().partLength(), List.of());
      // Noted before the store knows of it: it can be forgotten, but not be overlooked.
      note.write(files.note());
    } else {
      note = noted;
    }
  }

  /** The parts that were read so far; all are at the store. */
  List<Part> parts() {
    return parts;
  }

  int partLength() {
    return note.partLength();
  }

  /** True if so much was recorded that there is a part to send. */
  boolean hasPart() throws IOException {
    long position = reader == null ? 0 : reader.sealedPosition();
    long needed = (long) (note.partLength() * SEALED_SHARE) + SEALED_REST;
    return buffer != null || Files.size(files.sealed()) - position >= needed;
  }

  /**
   * Sends what there is.
   *
   * @param facts of the ended track, or null while it grows
   * @throws UploadStop with {@code LOST} if the store does not know the upload: it was completed,
   *     or given up
   */
  void send(@Nullable TrackFacts facts)
      throws IOException, GeneralSecurityException, InterruptedException {
    if (note.uploadId() == null) {
      begin();
    }
    read(facts, true);
  }

  /** Goes through an ended track without sending: then the parts are known. */
  void count(TrackFacts facts) throws IOException, GeneralSecurityException, InterruptedException {
    read(facts, false);
  }

  private void read(@Nullable TrackFacts facts, boolean isSending)
      throws IOException, GeneralSecurityException, InterruptedException {
    TrackReader from = reader;
    if (from == null) {
      listed = isSending && isResumed ? list() : new HashMap<>();
      from = TrackReader.open(files.sealed(), tools.keys(), files.context());
      reader = from;
    }
    boolean hasEnded = facts != null;
    while (hasEnded || hasPart()) {
      byte[] into = buffer == null ? new byte[note.partLength()] : buffer;
      buffer = into;
      filled += from.read(into, filled, hasEnded);
      if (filled < into.length && !hasEnded) {
        return;
      }
      if (filled == 0) {
        break;
      }
      byte[] part = filled == into.length ? into : Arrays.copyOf(into, filled);
      Part sent = isSending ? send(part) : new Part(hash(part), "");
      parts.add(sent);
      buffer = null;
      filled = 0;
    }
    buffer = null;
    if (facts != null) {
      check(facts, from);
    }
  }

  private void check(TrackFacts facts, TrackReader from) throws UploadStop {
    if (!TrackFacts.base64(from.sha256()).equals(facts.sha256())) {
      throw new UploadStop(UploadStop.Kind.DAMAGED, "the track is not what its manifest says");
    }
  }

  private Part send(byte[] bytes) throws IOException, InterruptedException {
    int number = parts.size() + 1;
    String sha256 = hash(bytes);
    Part noted = number <= note.parts().size() ? note.parts().get(number - 1) : null;
    Part known = known(listed.get(number), bytes.length, sha256, noted);
    if (known == null) {
      String uploadId = Objects.requireNonNull(note.uploadId());
      StoreRequest put = signer.sign(new UploadRequest.Part(uploadId, number, sha256)).getFirst();
      StoreClient.Reply reply = tools.store().send(put, bytes);
      requireDone(reply, "part " + number);
      tools.counters().parts.increment();
      known = new Part(sha256, reply.entityTag());
    } else {
      tools.counters().partsKnown.increment();
    }
    if (!known.equals(noted)) {
      List<Part> next = new ArrayList<>(parts);
      next.add(known);
      // What was noted after a part that is another now is not true any more.
      note = new UploadNote(note.uploadId(), note.partLength(), next);
      note.write(files.note());
    }
    return known;
  }

  /** Returns a part that is at the store as it should be; null if it has to be sent. */
  private static @Nullable Part known(
      @Nullable Map<String, String> row, int length, String sha256, @Nullable Part noted) {
    if (row == null || !Integer.toString(length).equals(row.get("Size"))) {
      return null;
    }
    String tag = row.getOrDefault("ETag", "");
    String checksum = row.get("ChecksumSHA256");
    boolean isNoted =
        noted != null && noted.sha256().equals(sha256) && bare(noted.entityTag()).equals(bare(tag));
    boolean isSame = checksum == null || checksum.isEmpty() ? isNoted : checksum.equals(sha256);
    return isSame ? new Part(sha256, isNoted && noted != null ? noted.entityTag() : tag) : null;
  }

  private static String bare(String entityTag) {
    return entityTag.replace("\"", "");
  }

  private void begin() throws IOException, InterruptedException {
    StoreRequest create = signer.sign(new UploadRequest.Create()).getFirst();
    StoreClient.Reply reply = tools.store().send(create, new byte[0]);
    String uploadId =
        reply.isDone()
            ? XmlRows.field(reply.body(), "InitiateMultipartUploadResult", "UploadId")
            : null;
    if (uploadId == null) {
      throw new IOException("an upload cannot be begun: status " + reply.status());
    }
    note = new UploadNote(uploadId, note.partLength(), List.of());
    note.write(files.note());
  }

  private Map<Integer, Map<String, String>> list() throws IOException, InterruptedException {
    Map<Integer, Map<String, String>> all = new HashMap<>();
    String uploadId = Objects.requireNonNull(note.uploadId());
    int after = 0;
    for (int page = 0; page < PAGES_MAX; page++) {
      StoreRequest get = signer.sign(new UploadRequest.Parts(uploadId, after)).getFirst();
      StoreClient.Reply reply = tools.store().send(get, new byte[0]);
      requireDone(reply, "the list of parts");
      List<Map<String, String>> rows = XmlRows.read(reply.body(), "Part");
      if (rows == null) {
        throw new IOException("the store's list of parts cannot be read");
      }
      for (Map<String, String> row : rows) {
        after = number(row.get("PartNumber"));
        all.put(after, row);
      }
      if (!"true".equals(XmlRows.field(reply.body(), "ListPartsResult", "IsTruncated"))) {
        break;
      }
    }
    return all;
  }

  private static int number(@Nullable String text) throws IOException {
    try {
      return Integer.parseInt(Objects.requireNonNullElse(text, ""));
    } catch (NumberFormatException e) {
      throw new IOException("the store's list of parts cannot be read", e);
    }
  }

  /** Makes the object of the parts that were sent. */
  void complete(StoreRequest complete) throws IOException, InterruptedException {
    StringBuilder xml =
        new StringBuilder(
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      xml.append("<Part><PartNumber>").append(i + 1).append("</PartNumber><ETag>");
      xml.append(escaped(part.entityTag())).append("</ETag><ChecksumSHA256>");
      xml.append(part.sha256()).append("</ChecksumSHA256></Part>");
    }
    xml.append("</CompleteMultipartUpload>");
    StoreClient.Reply reply =
        tools.store().send(complete, xml.toString().getBytes(StandardCharsets.UTF_8));
    requireDone(reply, "the upload");
    // S3 may say 200 first and think otherwise later.
    String code = XmlRows.field(reply.body(), "Error", "Code");
    if (code != null) {
      throw new IOException("the upload is not completed: " + code);
    }
  }

  /** What the store calls this upload. */
  String uploadId() {
    return Objects.requireNonNull(note.uploadId());
  }

  private void requireDone(StoreClient.Reply reply, String what) throws IOException {
    if (reply.status() == 404) {
      throw new UploadStop(UploadStop.Kind.LOST, "the store does not know the upload");
    }
    if (!reply.isDone()) {
      refusals++;
      String code = XmlRows.field(reply.body(), "Error", "Code");
      String message = what + " is refused: " + reply.status() + " " + code;
      if (refusals >= REFUSALS_MAX) {
        throw new UploadStop(UploadStop.Kind.SPOILT, message);
      }
      throw new IOException(message);
    }
    refusals = 0;
  }

  private static String hash(byte[] bytes) {
    return TrackFacts.base64(TrackFacts.newHash().digest(bytes));
  }

  private static String escaped(String tag) {
    return tag.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
    }
  }
}
