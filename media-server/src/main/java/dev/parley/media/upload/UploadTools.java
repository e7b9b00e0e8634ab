package dev.parley.media.upload;

import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadRequest;
import dev.parley.media.record.SpoolKeys;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** What all uploads share. Immutable. */
record UploadTools(
    SpoolKeys keys,
    UploadDesk desk,
    StoreClient store,
    UploadSettings settings,
    UploadCounters counters) {

  /**
   * Has requests signed.
   *
   * @throws UploadStop if there are none now, or none are needed
   */
  List<UploadAnswer.StoreRequest> sign(UploadRequest.Track track, UploadRequest.Step... steps)
      throws UploadStop, InterruptedException {
    List<UploadRequest.Step> wanted = List.of(steps);
    return switch (ask(track, new UploadRequest.Sign(wanted))) {
      case UploadAnswer.Signed(List<UploadAnswer.StoreRequest> requests)
          when requests.size() == wanted.size() ->
          requests;
      case UploadAnswer.Available _ ->
          throw new UploadStop(UploadStop.Kind.THERE, "available already");
      case UploadAnswer.Unwanted _ ->
          throw new UploadStop(UploadStop.Kind.UNWANTED, "not wanted any more");
      case UploadAnswer.Later(String detail) -> throw new UploadStop(UploadStop.Kind.LATER, detail);
      case UploadAnswer.Signed _, UploadAnswer.Different _ ->
          throw new UploadStop(UploadStop.Kind.LATER, "an answer to something else");
    };
  }

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
