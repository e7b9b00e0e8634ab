package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.control.Order.RecordingMode;
import dev.parley.common.id.ConferenceId;
import dev.parley.session.access.Caller;
import dev.parley.session.access.Scope;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.Participants;
import dev.parley.session.conference.Refusal;
import dev.parley.session.library.Library;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.Outcome;
import dev.parley.session.recording.Recording;
import dev.parley.session.recording.RecordingStore;
import dev.parley.session.recording.Recordings;
import dev.parley.session.recording.Segment;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Beginning, pausing, stopping and finding recordings. Thread-safe. */
final class RecordingRoutes {
  private static final int PAGE_DEFAULT = 50;
  private static final int PAGE_MAX = 200;
  private static final int CHANNELS_MAX = 2;

  private final Recordings recordings;
  private final Library library;
  private final Participants participants;
  private final LinkSigning links;
  private final Gate gate;
  private final Quotas quotas;
  private final Cursors cursors;

  RecordingRoutes(
      RestApi.People people,
      Participants participants,
      LinkSigning links,
      Gate gate,
      Quotas quotas,
      Cursors cursors) {
    this.recordings = people.recordings();
    this.library = people.files().library();
    this.participants = participants;
    this.links = links;
    this.gate = gate;
    this.quotas = quotas;
    this.cursors = cursors;
  }

  /** What is recorded, as requests name it. */
  private enum Mode {
    MIX,
    TRACKS
  }

  /** What a recording is to be; {@code NONE} is what a body without it says. */
  private enum Wished {
    NONE,
    RECORDING,
    PAUSED,
    STOPPED
  }

  void register(RoutesConfig routes) {
    routes.post("/v1/conferences/{c}/recordings", this::start);
    routes.get("/v1/conferences/{c}/recordings", this::listOfConference);
    routes.get("/v1/conferences/{c}/recordings/{r}", this::readOfConference);
    routes.patch("/v1/conferences/{c}/recordings/{r}", this::change);
    routes.post("/v1/conferences/{c}/recordings/{r}/links", this::links);
    routes.put("/v1/conferences/{c}/recording-consent", this::consent);
    routes.get("/v1/recordings", this::listAll);
    routes.get("/v1/recordings/{r}", this::readAny);
  }

  private void start(Context context) {
    Gate.Visit visit = gate.visit(context);
    gate.requireRecorder(visit);
    Gate.requireOpen(visit.conference());
    quotas.take(context, Quotas.RECORDING, visit.conference().tenant());
    JsonBody body = Bodies.json(context);
    Mode mode = body.choice("mode", Mode.class, Mode.MIX);
    int channels = body.integer("channels", 1, CHANNELS_MAX, 1);
    SortedMap<String, String> tags = body.texts("tags", ObjectFields.tagsBound(), new TreeMap<>());
    body.finish();
    if (mode == Mode.TRACKS && channels != 1) {
      throw Problem.invalid("/channels", "is of a mix; tracks are as they were sent").exception();
    }
    Recording.Wish wish =
        new Recording.Wish(
            mode == Mode.MIX ? RecordingMode.MIX : RecordingMode.TRACKS,
            channels,
            tags,
            Queries.hash(mode + " " + channels + " " + tags));
    Recordings.Begun begun =
        Refusals.done(
            recordings.start(visit.conference(), wish, idempotencyKey(context, visit.caller())));
    if (begun.isReplayed()) {
      context.header("Idempotency-Replayed", "true");
    }
    Recording recording = begun.recording();
    context.header("Location", path(recording));
    answer(context.status(201), recording);
  }

  /** Another's key of the same text is another key. */
  private static @Nullable String idempotencyKey(Context context, Caller caller) {
    String key = Queries.idempotencyKey(context);
    if (key == null) {
      return null;
    }
    return switch (caller) {
      case Caller.Backend _ -> "\0" + key;
      case Caller.Joiner joiner -> joiner.claims().identity() + "\0" + key;
    };
  }

  private static String path(Recording recording) {
    return "/v1/conferences/" + recording.conference() + "/recordings/" + recording.id();
  }

  private void change(Context context) {
    Gate.Visit visit = gate.visit(context);
    gate.requireRecorder(visit);
    Recording recording = ofConference(context, visit);
    JsonBody body = Bodies.json(context);
    Wished wished = body.choice("state", Wished.class, Wished.NONE);
    body.finish();
    Recordings.Target target =
        switch (wished) {
          case NONE ->
              throw Problem.invalid("/state", "must be one of recording, paused, stopped")
                  .exception();
          case RECORDING -> Recordings.Target.RECORDING;
          case PAUSED -> Recordings.Target.PAUSED;
          case STOPPED -> Recordings.Target.STOPPED;
        };
    answer(
        context,
        Refusals.done(recordings.change(recording, target, Queries.expectedVersion(context))));
  }

  /** Nobody consents for somebody else. */
  private void consent(Context context) {
    Gate.Visit visit = gate.visit(context);
    Participant stay = gate.ownStay(visit.conference().id(), visit.joiner());
    quotas.take(context, Quotas.CONSENT, stay.id().value());
    JsonBody body = Bodies.json(context);
    if (!body.has("given")) {
      throw Problem.invalid("/given", "must be true or false").exception();
    }
    boolean isGiven = body.flag("given", false);
    body.finish();
    Participant after = participants.consent(stay.conference(), stay.id(), isGiven);
    if (after == null) {
      throw Refusals.problem(new Refusal.NotJoined()).exception();
    }
    boolean isDone = recordings.onConsent(visit.conference());
    if (!isDone && !isGiven) {
      // It is on record, and tried again; but they must know that they may be recorded still.
      throw Refusals.problem(new Refusal.MediaUnreachable()).exception();
    }
    Responses.json(context, Views.participant(after));
  }

  private void listOfConference(Context context) {
    Gate.Visit visit = gate.visit(context);
    gate.requireInside(visit);
    page(context, visit.conference().tenant(), visit.conference().id());
  }

  private void listAll(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.LIBRARY);
    quotas.take(context, Quotas.LIST, backend.tenant());
    page(context, backend.tenant(), null);
  }

  private void page(Context context, String tenant, @Nullable ConferenceId conference) {
    int limit = Queries.integer(context, "limit", 1, PAGE_MAX, PAGE_DEFAULT);
    String filters = "recordings " + tenant + " " + conference;
    RecordingStore.Page page =
        recordings.list(tenant, conference, limit, cursors.position(context, filters));
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    page.recordings().forEach(recording -> data.add(RecordingViews.recording(recording)));
    if (page.next() != null) {
      String next = cursors.sign(page.next(), filters);
      answer.put("next", next);
      context.header("Link", Queries.nextLink(context, next));
    }
    Responses.json(context, answer);
  }

  private void readOfConference(Context context) {
    Gate.Visit visit = gate.visit(context);
    gate.requireInside(visit);
    answer(context, ofConference(context, visit));
  }

  private void readAny(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.LIBRARY);
    answer(context, found(recordings.find(backend.tenant(), context.pathParam("r"))));
  }

  private void links(Context context) {
    Gate.Visit visit = gate.visit(context);
    gate.requireRecorder(visit);
    Recording recording = ofConference(context, visit);
    JsonBody body = Bodies.json(context);
    LinkSigning.Wish wish = LinkSigning.wish(body, visit.caller());
    body.finish();
    var signer = links.signer(context, visit.caller(), wish);
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    for (Segment segment : recording.segments()) {
      for (Segment.Track track : segment.tracks()) {
        String object = track.object();
        if (object != null) {
          ObjectNode link = link(recording.tenant(), object, signer);
          data.add(link.put("segment", segment.number()).put("track", track.name()));
        }
      }
    }
    Responses.secret(context, answer);
  }

  /** A track's link, with one for what says what is in it. */
  private ObjectNode link(
      String tenant, String object, Function<LibraryObject, Outcome<Library.Link>> signer) {
    LibraryObject sound = library.find(tenant, object);
    ObjectNode link = ObjectViews.linkOrCode(object, sound, signer);
    String manifest = sound == null ? null : sound.content().thumbnail();
    if (manifest != null && link.has("url")) {
      link.set(
          "manifest", ObjectViews.linkOrCode(manifest, library.find(tenant, manifest), signer));
    }
    return link;
  }

  private Recording ofConference(Context context, Gate.Visit visit) {
    Recording recording =
        found(recordings.find(visit.conference().tenant(), context.pathParam("r")));
    if (!recording.conference().equals(visit.conference().id())) {
      throw Refusals.problem(new Refusal.NotFound("recording")).exception();
    }
    return recording;
  }

  private static Recording found(@Nullable Recording recording) {
    if (recording == null) {
      throw Refusals.problem(new Refusal.NotFound("recording")).exception();
    }
    return recording;
  }

  private static void answer(Context context, Recording recording) {
    context.header("ETag", Wire.etag(recording.revision()));
    Responses.json(context, RecordingViews.recording(recording));
  }
}
