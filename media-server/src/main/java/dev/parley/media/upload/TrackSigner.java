package dev.parley.media.upload;

import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadAnswer.Located;
import dev.parley.common.control.UploadAnswer.Place;
import dev.parley.common.control.UploadAnswer.StoreRequest;
import dev.parley.common.control.UploadRequest;
import dev.parley.common.control.UploadRequest.File;
import dev.parley.common.s3.TrackRequests;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gets one track's requests to its stores signed: here, if this server has the stores' access keys,
 * otherwise by the session tier. One thread at a time.
 */
final class TrackSigner {
  /**
   * How long it is believed where objects belong: a policy that has changed since is judged by the
   * session tier when it is asked again, at the latest when all has been sent. With the time for
   * which a request is good, less than the hour after which a store is looked through once more for
   * what was erased.
   */
  private static final long PLACES_GOOD_FOR_SEC = 900;

  private final UploadRequest.Track track;
  private final UploadTools tools;
  private @Nullable Located located;
  private long locatedUntilSec;

  TrackSigner(UploadRequest.Track track, UploadTools tools) {
    this.track = track;
    this.tools = tools;
  }

  /**
   * Returns a request for each step, in their order.
   *
   * @throws UploadStop if there are none now, or none are needed
   */
  List<StoreRequest> sign(UploadRequest.Step... steps) throws UploadStop, InterruptedException {
    List<UploadRequest.Step> wanted = List.of(steps);
    Located places = tools.signers().isEmpty() ? null : places();
    if (places == null || !canSign(places)) {
      return asked(wanted);
    }
    List<StoreRequest> requests = new ArrayList<>(steps.length);
    for (UploadRequest.Step step : wanted) {
      Place place = TrackRequests.file(step) == File.AUDIO ? places.audio() : places.manifest();
      requests.add(tools.signers().sign(place, TrackRequests.of(step, place.key())));
    }
    return requests;
  }

  /** The store has lost what was sent: it may have been erased, so it is asked where it belongs. */
  void forget() {
    located = null;
  }

  private boolean canSign(Located places) {
    return tools.signers().canSign(places.audio()) && tools.signers().canSign(places.manifest());
  }

  private Located places() throws UploadStop, InterruptedException {
    long nowSec = tools.signers().epochSec();
    Located known = located;
    if (known == null || nowSec >= locatedUntilSec) {
      UploadAnswer.Outcome answer = tools.ask(track, new UploadRequest.Locate());
      if (!(answer instanceof Located places)) {
        throw stop(answer);
      }
      known = places;
      located = places;
      locatedUntilSec = nowSec + PLACES_GOOD_FOR_SEC;
    }
    return known;
  }

  private List<StoreRequest> asked(List<UploadRequest.Step> wanted)
      throws UploadStop, InterruptedException {
    UploadAnswer.Outcome answer = tools.ask(track, new UploadRequest.Sign(wanted));
    if (answer instanceof UploadAnswer.Signed(List<StoreRequest> requests)
        && requests.size() == wanted.size()) {
      return requests;
    }
    throw stop(answer);
  }

  private static UploadStop stop(UploadAnswer.Outcome answer) {
    return switch (answer) {
      case UploadAnswer.Available _ -> new UploadStop(UploadStop.Kind.THERE, "available already");
      case UploadAnswer.Unwanted _ ->
          new UploadStop(UploadStop.Kind.UNWANTED, "not wanted any more");
      case UploadAnswer.Later(String detail) -> new UploadStop(UploadStop.Kind.LATER, detail);
      case UploadAnswer.Key _, Located _, UploadAnswer.Signed _, UploadAnswer.Different _ ->
          new UploadStop(UploadStop.Kind.LATER, "an answer to something else");
    };
  }
}
