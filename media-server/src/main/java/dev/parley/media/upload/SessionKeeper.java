package dev.parley.media.upload;

import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadRequest;
import dev.parley.media.record.RecordingKeys;
import java.io.IOException;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the session tier for recordings' keys, over the control links. Thread-safe; blocks. */
public final class SessionKeeper implements RecordingKeys.Keeper {
  private static final long ANSWER_S_MAX = 5;

  /** Many recordings that begin at once ask more than the link takes at once. */
  private static final int ATTEMPTS_MAX = 10;

  private static final long PAUSE_MS = 200;

  /** The question is about a recording; questions are about tracks. */
  private static final int ANY_SEGMENT = 1;

  private static final String ANY_TRACK = "key";

  private final UploadDesk desk;

  /** Asks there. */
  public SessionKeeper(UploadDesk desk) {
    this.desk = desk;
  }

  @Override
  public byte[] keyOf(String recordingId) throws IOException {
    UploadRequest.Track track;
    try {
      track = new UploadRequest.Track(recordingId, ANY_SEGMENT, ANY_TRACK);
    } catch (IllegalArgumentException e) {
      throw new IOException("no recording is called " + recordingId, e);
    }
    try {
      for (int attempt = 1; ; attempt++) {
        switch (desk.ask(track, new UploadRequest.SpoolKey()).get(ANSWER_S_MAX, TimeUnit.SECONDS)) {
          case UploadAnswer.Key(String key) -> {
            return Base64.getDecoder().decode(key);
          }
          case UploadAnswer.Later(String why) -> {
            if (attempt == ATTEMPTS_MAX) {
              throw new IOException(why);
            }
          }
          case UploadAnswer.Located _,
              UploadAnswer.Signed _,
              UploadAnswer.Available _,
              UploadAnswer.Different _,
              UploadAnswer.Unwanted _ ->
              throw new IOException("an answer to something else");
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the session tier does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
