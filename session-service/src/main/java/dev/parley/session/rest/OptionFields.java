package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.control.Order.ConferenceSettings;
import dev.parley.common.control.Order.RecordingMode;
import dev.parley.session.conference.Attributes;
import dev.parley.session.conference.ConferenceOptions;
import dev.parley.session.conference.Lifespan;
import dev.parley.session.conference.RecordingRules;
import dev.parley.session.conference.RetentionRule;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A conference's options as fields of JSON, in requests and in answers. Stateless. */
final class OptionFields {
  private static final int CHANNEL_LENGTH_MAX = 64;
  private static final int SPEAKER_SLOTS_MAX = 8;
  private static final int MIXED_SPEAKERS_MAX = 16;

  /** What a moderator in the conference may not change, for it is the tenant's. */
  private static final List<String> TENANTS =
      List.of(
          "maxParticipants",
          "emptyTimeoutSec",
          "maxDurationSec",
          "endWhen",
          "departureTimeoutSec",
          "tags",
          "attributes");

  /** How a conference may be recorded from its beginning. */
  private enum AutoRecord {
    NONE,
    MIX,
    TRACKS
  }

  /** What everybody hears when a recording begins. */
  private enum Announce {
    NONE,
    TONE
  }

  /** Whether people must agree before they are recorded. */
  private enum Consent {
    NONE,
    REQUIRED
  }

  private OptionFields() {}

  /** Returns a field that only the tenant may change, or null if there is none in the body. */
  static @Nullable String tenants(JsonBody body) {
    return TENANTS.stream().filter(body::has).findFirst().orElse(null);
  }

  /** Reads the options of a conference that is to be made. */
  static ConferenceOptions create(JsonBody body) {
    ConferenceOptions options = change(body, ConferenceOptions.DEFAULT);
    JsonBody recording = body.object("recording");
    ConferenceSettings usual = options.settings();
    return new ConferenceOptions(
        options.locked(),
        options.lobby(),
        options.maxParticipants(),
        options.lifespan(),
        new ConferenceSettings(
            body.integer("speakerSlots", 1, SPEAKER_SLOTS_MAX, usual.speakerSlots()),
            body.integer("mixedSpeakers", 1, MIXED_SPEAKERS_MAX, usual.mixedSpeakers())),
        options.tags(),
        options.attributes(),
        options.placement(),
        autoRecord(recording),
        new RecordingRules(
            recording.choice("announce", Announce.class, Announce.NONE) == Announce.TONE,
            recording.choice("consent", Consent.class, Consent.NONE) == Consent.REQUIRED),
        body.text("channel", CHANNEL_LENGTH_MAX),
        RetentionFields.read(body, "retention", RetentionRule.NONE));
  }

  private static @Nullable RecordingMode autoRecord(JsonBody recording) {
    return switch (recording.choice("auto", AutoRecord.class, AutoRecord.NONE)) {
      case NONE -> null;
      case MIX -> RecordingMode.MIX;
      case TRACKS -> RecordingMode.TRACKS;
    };
  }

  /** Returns the options with what the body says; what it leaves out stays. */
  static ConferenceOptions change(JsonBody body, ConferenceOptions now) {
    Attributes attributes = now.attributes();
    String text =
        body.opaque(
            "attributes", Attributes.LENGTH_MAX, attributes == null ? null : attributes.text());
    return new ConferenceOptions(
        body.flag("locked", now.locked()),
        body.flag("lobby", now.lobby()),
        body.integer(
            "maxParticipants", 1, ConferenceOptions.PARTICIPANTS_MAX, now.maxParticipants()),
        change(body, now.lifespan()),
        now.settings(),
        body.texts(
            "tags",
            new JsonBody.TextsBound(
                ConferenceOptions.TAGS_MAX,
                ConferenceOptions.TAG_NAME_LENGTH_MAX,
                ConferenceOptions.TAG_VALUE_LENGTH_MAX),
            now.tags()),
        text == null ? null : new Attributes(text),
        now.placement(),
        now.autoRecord(),
        now.recordingRules(),
        now.channel(),
        now.retention());
  }

  private static Lifespan change(JsonBody body, Lifespan now) {
    Duration max = now.maxDuration();
    Integer maxDurationSec =
        body.integerOrNull(
            "maxDurationSec",
            Lifespan.DURATION_SEC_MIN,
            Lifespan.DURATION_SEC_MAX,
            max == null ? null : (int) max.toSeconds());
    int emptyTimeoutSec =
        body.integer(
            "emptyTimeoutSec",
            Lifespan.EMPTY_TIMEOUT_SEC_MIN,
            Lifespan.EMPTY_TIMEOUT_SEC_MAX,
            (int) now.emptyTimeout().toSeconds());
    int departureTimeoutSec =
        body.integer(
            "departureTimeoutSec",
            Lifespan.DEPARTURE_TIMEOUT_SEC_MIN,
            Lifespan.DEPARTURE_TIMEOUT_SEC_MAX,
            (int) now.departureTimeout().toSeconds());
    return new Lifespan(
        Duration.ofSeconds(emptyTimeoutSec),
        maxDurationSec == null ? null : Duration.ofSeconds(maxDurationSec),
        body.choice("endWhen", Lifespan.EndWhen.class, now.endWhen()),
        Duration.ofSeconds(departureTimeoutSec));
  }

  /** Adds the options to an answer. */
  static void write(ObjectNode node, ConferenceOptions options) {
    Lifespan lifespan = options.lifespan();
    node.put("locked", options.locked());
    node.put("lobby", options.lobby());
    node.put("maxParticipants", options.maxParticipants());
    node.put("emptyTimeoutSec", lifespan.emptyTimeout().toSeconds());
    if (lifespan.maxDuration() != null) {
      node.put("maxDurationSec", lifespan.maxDuration().toSeconds());
    }
    Wire.put(node, "endWhen", lifespan.endWhen());
    node.put("departureTimeoutSec", lifespan.departureTimeout().toSeconds());
    node.put("speakerSlots", options.settings().speakerSlots());
    node.put("mixedSpeakers", options.settings().mixedSpeakers());
    Wire.put(node, "channel", options.channel());
    PlacementFields.write(node.putObject("placement"), options.placement());
    RetentionFields.write(node, "retention", options.retention());
    RecordingRules rules = options.recordingRules();
    if (options.autoRecord() != null || !rules.equals(RecordingRules.NONE)) {
      ObjectNode recording = node.putObject("recording");
      Wire.put(recording, "auto", options.autoRecord());
      Wire.put(recording, "announce", rules.announced() ? Announce.TONE : Announce.NONE);
      Wire.put(recording, "consent", rules.needsConsent() ? Consent.REQUIRED : Consent.NONE);
    }
    ObjectNode tags = node.putObject("tags");
    options.tags().forEach(tags::put);
    Wire.put(node, "attributes", options.attributes() == null ? null : options.attributes().text());
  }
}
