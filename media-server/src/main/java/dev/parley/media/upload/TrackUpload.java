package dev.parley.media.upload;

import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadAnswer.StoreRequest;
import dev.parley.common.control.UploadRequest;
import dev.parley.common.s3.XmlRows;
import dev.parley.media.record.SpooledTrack;
import dev.parley.media.record.TrackReader;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One track on its way to the store, until the session tier says that it is available there: then
 * its files are erased. What fails is thrown, and goes on where it was when it is called again. One
 * thread at a time.
 */
final class TrackUpload {
  private final TrackFiles files;
  private final UploadRequest.Track track;
  private final UploadTools tools;
  private final TrackSigner signer;
  private @Nullable PartsUpload parts;
  private boolean isLost;
  private boolean isNoteRead;

  TrackUpload(TrackFiles files, UploadTools tools) {
    this.files = files;
    this.track = files.track();
    this.tools = tools;
    this.signer = new TrackSigner(track, tools);
  }

  TrackFiles files() {
    return files;
  }

  /** True if there is something to send of a track that still grows. */
  boolean hasPart() throws IOException {
    PartsUpload begun = parts();
    return begun == null
        ? Files.size(files.sealed()) > tools.settings().putLengthMax() * 5L / 4
        : begun.hasPart();
  }

  /** Sends what there is of a track that still grows. */
  void sendGrowing() throws IOException, GeneralSecurityException, InterruptedException {
    try {
      begin().send(null);
    } catch (UploadStop stop) {
      if (stop.kind() == UploadStop.Kind.LOST || stop.kind() == UploadStop.Kind.SPOILT) {
        forget();
      }
      throw stop;
    }
  }

  /**
   * Sends the rest of a track that has ended.
   *
   * @return true if it is available and nobody need keep it; false if it is not wanted any more
   */
  boolean finish() throws IOException, GeneralSecurityException, InterruptedException {
    // One whose disk failed has none yet: what is there of it is made whole, as at a start.
    byte[] sealedManifest =
        SpooledTrack.recover(
            files.sealed(),
            tools.keys(),
            files.context(),
            Files.getLastModifiedTime(files.sealed()).toMillis());
    TrackFacts facts = sealedManifest == null ? null : TrackFacts.of(sealedManifest);
    if (facts == null || facts.length() < 0) {
      throw new UploadStop(UploadStop.Kind.DAMAGED, "the manifest cannot be read");
    }
    byte[] manifest;
    String checksum = null;
    boolean isInParts = parts() != null || facts.length() >= tools.settings().putLengthMax();
    try {
      if (isInParts) {
        PartsUpload sent = sendParts(facts);
        manifest = facts.withParts(sent.partLength(), sent.parts());
        checksum = TrackFacts.checksum(sent.parts());
        completeParts(sent, manifest);
      } else {
        manifest = facts.withParts(0, List.of());
        put(facts, manifest);
      }
    } catch (UploadStop stop) {
      switch (stop.kind()) {
        case UNWANTED -> {
          return false;
        }
        case THERE -> {
          // Said by an answer that nobody heard; it is said once more.
          manifest = facts.withParts(0, List.of());
        }
        case SPOILT -> {
          forget();
          throw stop;
        }
        default -> throw stop;
      }
    }
    return confirm(facts, checksum, manifest, isInParts);
  }

  /** Says that the track cannot be read, and leaves its files to whoever has the right key. */
  void abandon(String detail) throws IOException, InterruptedException {
    UploadAnswer.Outcome outcome =
        tools.ask(track, new UploadRequest.Abandon(detail.replaceAll("[^ -~]", "?")));
    if (outcome instanceof UploadAnswer.Later(String why)) {
      throw new UploadStop(UploadStop.Kind.LATER, why);
    }
    close();
    files.setAside();
  }

  void close() throws IOException {
    if (parts != null) {
      parts.close();
    }
  }

  private PartsUpload sendParts(TrackFacts facts)
      throws IOException, GeneralSecurityException, InterruptedException {
    PartsUpload begun = begin();
    if (!isLost) {
      try {
        begun.send(facts);
        return begun;
      } catch (UploadStop stop) {
        if (stop.kind() != UploadStop.Kind.LOST) {
          throw stop;
        }
        // Completed by an answer that nobody heard, perhaps: the session tier will see.
        isLost = true;
      }
    }
    begun.count(facts);
    return begun;
  }

  private void completeParts(PartsUpload sent, byte[] manifest)
      throws IOException, InterruptedException {
    UploadRequest.Put about = new UploadRequest.Put(UploadRequest.File.MANIFEST, content(manifest));
    if (isLost) {
      putManifest(signer.sign(about).getFirst(), manifest);
      return;
    }
    List<StoreRequest> requests = signer.sign(new UploadRequest.Complete(sent.uploadId()), about);
    try {
      sent.complete(requests.getFirst());
    } catch (UploadStop stop) {
      if (stop.kind() != UploadStop.Kind.LOST) {
        throw stop;
      }
      isLost = true;
    }
    putManifest(requests.getLast(), manifest);
  }

  private void put(TrackFacts facts, byte[] manifest)
      throws IOException, GeneralSecurityException, InterruptedException {
    byte[] audio = new byte[(int) facts.length()];
    try (TrackReader reader = TrackReader.open(files.sealed(), tools.keys(), files.context())) {
      int count = reader.read(audio, 0, true);
      if (count < audio.length || !TrackFacts.base64(reader.sha256()).equals(facts.sha256())) {
        throw new UploadStop(UploadStop.Kind.DAMAGED, "the track is not what its manifest says");
      }
    }
    List<StoreRequest> requests =
        signer.sign(
            new UploadRequest.Put(
                UploadRequest.File.AUDIO,
                new UploadRequest.Content(facts.length(), facts.sha256(), null)),
            new UploadRequest.Put(UploadRequest.File.MANIFEST, content(manifest)));
    requireDone(tools.store().send(requests.getFirst(), audio), "the track");
    putManifest(requests.getLast(), manifest);
  }

  private void putManifest(StoreRequest request, byte[] manifest)
      throws IOException, InterruptedException {
    requireDone(tools.store().send(request, manifest), "the manifest");
  }

  private boolean confirm(
      TrackFacts facts, @Nullable String checksum, byte[] manifest, boolean isInParts)
      throws IOException, InterruptedException {
    UploadRequest.Finish finish =
        new UploadRequest.Finish(
            new UploadRequest.Content(facts.length(), facts.sha256(), checksum),
            content(manifest),
            facts.durationMs(),
            facts.gaps(),
            isInParts);
    return switch (tools.ask(track, finish)) {
      case UploadAnswer.Available _ -> true;
      case UploadAnswer.Unwanted _ -> false;
      case UploadAnswer.Different(String detail) -> {
        tools.counters().different.increment();
        forget();
        throw new IOException("the store has something else: " + detail);
      }
      case UploadAnswer.Later(String detail) -> throw new UploadStop(UploadStop.Kind.LATER, detail);
      case UploadAnswer.Key _, UploadAnswer.Located _, UploadAnswer.Signed _ ->
          throw new IOException("an answer to something else");
    };
  }

  /** Begins anew, should it be in parts: what the store has of it is worth nothing. */
  private void forget() throws IOException {
    close();
    signer.forget();
    parts = null;
    isLost = false;
    isNoteRead = true;
    Files.deleteIfExists(files.note());
  }

  private PartsUpload begin() throws IOException {
    PartsUpload begun = parts();
    if (begun == null) {
      begun = new PartsUpload(files, null, signer, tools);
      parts = begun;
    }
    return begun;
  }

  private @Nullable PartsUpload parts() throws IOException {
    if (!isNoteRead) {
      isNoteRead = true;
      UploadNote noted = UploadNote.read(files.note());
      if (noted != null) {
        parts = new PartsUpload(files, noted, signer, tools);
      }
    }
    return parts;
  }

  private static UploadRequest.Content content(byte[] bytes) {
    String sha256 = TrackFacts.base64(TrackFacts.newHash().digest(bytes));
    return new UploadRequest.Content(bytes.length, sha256, null);
  }

  private static void requireDone(StoreClient.Reply reply, String what) throws IOException {
    if (!reply.isDone()) {
      String code = XmlRows.field(reply.body(), "Error", "Code");
      throw new IOException(what + " is refused: " + reply.status() + " " + code);
    }
  }
}
