package dev.parley.session.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.control.Speakers;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.conference.ConferenceEvent;
import dev.parley.session.conference.ConferenceSummary;
import dev.parley.session.conference.EncoderEffort;
import dev.parley.session.conference.Lifespan;
import dev.parley.session.conference.MediaWord;
import dev.parley.session.conference.Message;
import dev.parley.session.conference.Position;
import dev.parley.session.conference.QueuePlace;
import dev.parley.session.conference.RecordingEntry;
import dev.parley.session.conference.RecordingRules;
import dev.parley.session.conference.Roster;
import dev.parley.session.conference.RosterEntry;
import dev.parley.session.conference.SharedFile;
import dev.parley.session.conference.Sight;
import dev.parley.session.conference.StayQuality;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events as clients see them, and what clients may say. Any thread. */
final class EventJson {
  private static final int NESTING_MAX = 8;
  private static final String QUALITY = "{\"type\":\"quality\",\"data\":[";
  static final String PING = "{\"type\":\"ping\"}";
  static final String PONG = "{\"type\":\"pong\"}";

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(EventLimits.FRAME_LENGTH_MAX)
                          .maxStringLength(EventLimits.FRAME_LENGTH_MAX)
                          .maxNestingDepth(NESTING_MAX)
                          .build())
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private EventJson() {}

  /** What a client said. */
  sealed interface Request {}

  /**
   * The first frame.
   *
   * @param resumeSeq the last event seen, or -1 if none was
   */
  record Hello(long resumeSeq) implements Request {}

  /**
   * Asks for a message to be sent.
   *
   * @param cid the client's own name for it; the answer has it
   */
  record MessageSend(String cid, String text) implements Request {}

  /** Asks for a pong. */
  record Ping() implements Request {}

  /** Says how the client's own media is. */
  record Media(MediaWord word) implements Request {}

  /** Anything else that is an object with a type: a newer client's; ignored. */
  record Other() implements Request {}

  /** Reads a client's frame; null if it is malformed. */
  static @Nullable Request read(String text) {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(text);
    } catch (JsonProcessingException _) {
      return null;
    }
    if (tree == null || !tree.path("type").isTextual()) {
      return null;
    }
    return switch (tree.path("type").textValue()) {
      case "hello" -> hello(tree.get("resumeSeq"));
      case "ping" -> new Ping();
      case "message.send" -> messageSend(tree.path("cid"), tree.path("data").path("text"));
      case "media" -> media(tree);
      default -> new Other();
    };
  }

  /**
   * A welcome as one with that sight gets it.
   *
   * @param roster null without a snapshot
   */
  static String welcome(long seq, boolean isResumed, @Nullable Roster roster, Sight sight) {
    ObjectNode node = MAPPER.createObjectNode().put("type", "welcome");
    node.put("seq", seq).put("resumed", isResumed);
    if (roster != null) {
      ObjectNode snapshot = node.putObject("snapshot");
      conference(snapshot.putObject("conference"), roster.conference());
      ArrayNode participants = snapshot.putArray("participants");
      if (sight != Sight.WAITING) {
        roster.participants().forEach(entry -> participants.add(participant(entry)));
      }
      if (sight == Sight.MODERATOR) {
        ArrayNode waiting = snapshot.putArray("waiting");
        roster.waiting().forEach(entry -> waiting.add(participant(entry)));
      }
      if (sight != Sight.WAITING && !roster.recordings().isEmpty()) {
        ArrayNode recordings = snapshot.putArray("recordings");
        roster.recordings().forEach(entry -> recording(recordings.addObject(), entry));
      }
      EncoderEffort encoders = roster.encoders();
      if (encoders != null && sight != Sight.WAITING) {
        encoders(snapshot.putObject("encoders"), encoders.complexity(), encoders.complexityMax());
      }
    }
    return text(node);
  }

  /** A state event's text with its number in front. */
  static String numbered(long seq, String event) {
    return "{\"seq\":" + seq + "," + event.substring(1);
  }

  /** A state event, as {@link EventLog} takes it. */
  static String event(Instant at, ConferenceEvent event) {
    ObjectNode node = MAPPER.createObjectNode();
    switch (event) {
      case ConferenceEvent.ParticipantJoined(RosterEntry entry) ->
          node.put("type", "participant.joined").set("data", participant(entry));
      case ConferenceEvent.ParticipantUpdated(RosterEntry entry) ->
          node.put("type", "participant.updated").set("data", participant(entry));
      case ConferenceEvent.ParticipantWaiting(RosterEntry entry) ->
          node.put("type", "participant.waiting").set("data", participant(entry));
      case ConferenceEvent.ParticipantAdmitted(var id) ->
          node.put("type", "participant.admitted").putObject("data").put("id", id.value());
      case ConferenceEvent.ParticipantNotAdmitted(var id, var reason) ->
          node.put("type", "participant.not-admitted")
              .putObject("data")
              .put("id", id.value())
              .put("reason", name(reason));
      case ConferenceEvent.ParticipantLeft(var id, var reason) ->
          node.put("type", "participant.left")
              .putObject("data")
              .put("id", id.value())
              .put("reason", name(reason));
      case ConferenceEvent.EncodersChanged(int complexity, int complexityMax) ->
          encoders(
              node.put("type", "conference.encoders").putObject("data"), complexity, complexityMax);
      case ConferenceEvent.UnmuteRequested(var id) ->
          node.put("type", "unmute.request").putObject("data").put("id", id.value());
      case ConferenceEvent.ConferenceUpdated(ConferenceSummary now, var changed) -> {
        ObjectNode data = node.put("type", "conference.updated").putObject("data");
        conference(data, now);
        changed.forEach(data.putArray("changed")::add);
      }
      case ConferenceEvent.MessageSent(var message) ->
          node.put("type", "message").set("data", message(message));
      case ConferenceEvent.FileShared(var file) ->
          node.put("type", "file.shared").set("data", file(file));
      case ConferenceEvent.FileErased(var object) ->
          node.put("type", "file.erased").putObject("data").put("id", object);
      case ConferenceEvent.RecordingChanged(RecordingEntry entry) ->
          recording(node.put("type", "recording.state").putObject("data"), entry);
      case ConferenceEvent.MediaMoved(long epoch) ->
          node.put("type", "media.moved").putObject("data").put("epoch", epoch);
      case ConferenceEvent.MediaMoves(long epoch, var reason) ->
          node.put("type", "media.move")
              .putObject("data")
              .put("epoch", epoch)
              .put("reason", name(reason));
      case ConferenceEvent.ConferenceEnded(var reason) ->
          node.put("type", "conference.ended").putObject("data").put("reason", name(reason));
      case ConferenceEvent.SpeakersChanged _ ->
          throw new IllegalArgumentException("speakers have no number");
      case ConferenceEvent.QualityChanged _ ->
          throw new IllegalArgumentException("call figures have no number");
    }
    return text(node.put("ts", at.toString()));
  }

  static String speakers(ConferenceEvent.SpeakersChanged speakers) {
    ObjectNode node = MAPPER.createObjectNode().put("type", "speakers");
    if (speakers.dominant() != null) {
      node.put("dominant", speakers.dominant().value());
    }
    ArrayNode data = node.putArray("data");
    for (Speakers.Level level : speakers.levels()) {
      data.addArray().add(level.participant().value()).add(level.levelDbov());
    }
    return text(node);
  }

  /** Where one who waits stands; it has no number, as only the newest counts. */
  static String place(ParticipantId participant, QueuePlace place) {
    ObjectNode node = MAPPER.createObjectNode().put("type", "queue.position");
    ObjectNode data = node.putObject("data").put("id", participant.value());
    data.put("reason", name(place.reason())).put("position", place.position());
    if (place.region() != null) {
      data.put("region", place.region().value());
    }
    return text(node);
  }

  /** Everybody's figures; flat, so that {@link #qualityOf} finds one without parsing all. */
  static String quality(ConferenceEvent.QualityChanged event) {
    StringBuilder text = new StringBuilder(QUALITY);
    String separator = "";
    for (Map.Entry<ParticipantId, StayQuality> entry : event.stays().entrySet()) {
      StayQuality quality = entry.getValue();
      ObjectNode node = MAPPER.createObjectNode().put("id", entry.getKey().value());
      node.put("mos", Math.round(quality.mos() * 100) / 100.0);
      node.put("lossPercent", quality.lostPerMille() / 10.0);
      node.put("jitterMs", Math.round(quality.jitterUs() / 100.0) / 10.0);
      if (quality.roundTripUs() != null) {
        node.put("roundTripMs", Math.round(quality.roundTripUs() / 100.0) / 10.0);
      }
      text.append(separator).append(text(node));
      separator = ",";
    }
    return text.append("]}").toString();
  }

  static boolean isQuality(String frame) {
    return frame.startsWith(QUALITY);
  }

  /** Returns a frame with one participant's figures of all, or null if they are not there. */
  static @Nullable String qualityOf(ParticipantId participant, String frame) {
    int from = frame.indexOf("{\"id\":\"" + participant.value() + '"');
    return from < 0 ? null : QUALITY + frame.substring(from, frame.indexOf('}', from) + 1) + "]}";
  }

  /** Why a stream ends, which a WebSocket says by its close code. */
  static String closed(int code, String reason) {
    return text(
        MAPPER.createObjectNode().put("type", "closed").put("code", code).put("reason", reason));
  }

  /** The answer to a client's request that was done. */
  static String ack(String cid, ClientRequests.Done done) {
    ObjectNode node = MAPPER.createObjectNode().put("type", "ack").put("cid", cid);
    node.putObject("data").put("sequence", done.sequence()).put("sentAt", done.at().toString());
    return text(node);
  }

  /** The answer to a client's request that was not done. */
  static String refused(String cid, ClientRequests.Refused refused) {
    ObjectNode node = MAPPER.createObjectNode().put("type", "refused").put("cid", cid);
    ObjectNode data = node.putObject("data");
    data.put("code", refused.code()).put("detail", refused.detail());
    if (refused.retryAfterSec() > 0) {
      data.put("retryAfterSec", refused.retryAfterSec());
    }
    return text(node);
  }

  private static @Nullable MessageSend messageSend(JsonNode cid, JsonNode text) {
    boolean isFit = cid.isTextual() && text.isTextual();
    return isFit ? new MessageSend(cid.textValue(), text.textValue()) : null;
  }

  /** A client that says that media flows, and not since when, says nothing. */
  private static Request media(JsonNode tree) {
    JsonNode ageMs = tree.path("ageMs");
    if (!tree.path("flows").isBoolean()) {
      return new Other();
    }
    if (!tree.path("flows").booleanValue()) {
      return new Media(MediaWord.STOPPED);
    }
    return ageMs.isIntegralNumber() && ageMs.canConvertToInt() && ageMs.intValue() >= 0
        ? new Media(new MediaWord(true, Duration.ofMillis(ageMs.intValue())))
        : new Other();
  }

  private static @Nullable Hello hello(@Nullable JsonNode resumeSeq) {
    if (resumeSeq == null || resumeSeq.isNull()) {
      return new Hello(-1);
    }
    return resumeSeq.isIntegralNumber() && resumeSeq.canConvertToLong()
        ? new Hello(resumeSeq.longValue())
        : null;
  }

  private static ObjectNode participant(RosterEntry entry) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("id", entry.id().value()).put("identity", entry.identity());
    if (entry.name() != null) {
      node.put("name", entry.name());
    }
    node.put("role", name(entry.role()))
        .put("state", name(entry.state()))
        .put("muted", entry.muted())
        .put("held", entry.standing().held());
    if (entry.standing().handRaisedAt() != null) {
      node.put("handRaisedAt", entry.standing().handRaisedAt().toString());
    }
    if (entry.standing().mayBeRecorded()) {
      node.put("recordingConsent", true);
    }
    Position position = entry.standing().position();
    if (position != null) {
      node.putObject("position")
          .put("x", position.x())
          .put("y", position.y())
          .put("z", position.z());
    }
    if (entry.waitsFor() != null) {
      return node.put("waitsFor", name(entry.waitsFor()))
          .put("joinedAt", entry.joinedAt().toString());
    }
    return node.put("csrc", entry.csrc())
        .put("listening", name(entry.listening()))
        .put("joinedAt", entry.joinedAt().toString());
  }

  private static ObjectNode file(SharedFile file) {
    ObjectNode node = MAPPER.createObjectNode().put("id", file.id());
    node.put("kind", file.isPhoto() ? "photo" : "file").put("name", file.label().name());
    node.put("size", file.lengthBytes()).put("contentType", file.contentType());
    if (file.thumbnail() != null) {
      node.put("thumbnail", file.thumbnail());
    }
    sender(node, file.label().sender());
    return node.put("sharedAt", file.at().toString());
  }

  private static void recording(ObjectNode node, RecordingEntry entry) {
    node.put("id", entry.id().value()).put("mode", name(entry.mode()));
    node.put("state", name(entry.state()));
    if (entry.startedAt() != null) {
      node.put("startedAt", entry.startedAt().toString());
    }
  }

  private static ObjectNode message(Message message) {
    ObjectNode node = MAPPER.createObjectNode().put("sequence", message.sequence());
    sender(node, message.sender());
    return node.put("text", message.text()).put("sentAt", message.at().toString());
  }

  /** Leaves out the tenant's backend, as in all answers. */
  private static void sender(ObjectNode node, Message.Sender sender) {
    if (sender.participant() != null) {
      ObjectNode from = node.putObject("sender").put("id", sender.participant().value());
      from.put("identity", sender.identity());
      if (sender.name() != null) {
        from.put("name", sender.name());
      }
    }
  }

  private static void conference(ObjectNode node, ConferenceSummary conference) {
    Lifespan lifespan = conference.lifespan();
    node.put("version", conference.version())
        .put("locked", conference.locked())
        .put("lobby", conference.lobby())
        .put("maxParticipants", conference.maxParticipants())
        .put("emptyTimeoutSec", lifespan.emptyTimeout().toSeconds())
        .put("endWhen", name(lifespan.endWhen()))
        .put("departureTimeoutSec", lifespan.departureTimeout().toSeconds());
    if (lifespan.maxDuration() != null) {
      node.put("maxDurationSec", lifespan.maxDuration().toSeconds());
    }
    RecordingRules rules = conference.recordingRules();
    if (!rules.equals(RecordingRules.NONE)) {
      node.putObject("recording")
          .put("announce", rules.announced() ? "tone" : "none")
          .put("consent", rules.needsConsent() ? "required" : "none");
    }
  }

  private static void encoders(ObjectNode node, int complexity, int complexityMax) {
    node.put("complexity", complexity).put("complexityMax", complexityMax);
  }

  /** An enum's name in lower case with dashes, as everywhere in the API. */
  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String text(ObjectNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON could not be written", e);
    }
  }
}
