package dev.parley.media.upload;

import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadRequest;
import java.util.concurrent.CompletableFuture;

/** Where one asks the session tier for what an upload needs. Thread-safe. */
public interface UploadDesk {
  /** Asks; the answer comes within a minute or so, if only to say that it is to be asked later. */
  CompletableFuture<UploadAnswer.Outcome> ask(UploadRequest.Track track, UploadRequest.Wish wish);
}
