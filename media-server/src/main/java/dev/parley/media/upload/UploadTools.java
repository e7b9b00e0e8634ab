package dev.parley.media.upload;

import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadRequest;
import dev.parley.media.record.SpoolKeys;
import java.util.concurrent.ExecutionException;

/** What all uploads share. Thread-safe. */
record UploadTools(
    SpoolKeys keys,
    UploadDesk desk,
    StoreSigners signers,
    StoreClient store,
    UploadSettings settings,
    UploadCounters counters) {

  /** Asks and waits for the answer. */
  UploadAnswer.Outcome ask(UploadRequest.Track track, UploadRequest.Wish wish)
      throws UploadStop, InterruptedException {
    try {
      return desk.ask(track, wish).get();
    } catch (ExecutionException e) {
      throw new UploadStop(UploadStop.Kind.LATER, String.valueOf(e.getCause()));
    }
  }
}
