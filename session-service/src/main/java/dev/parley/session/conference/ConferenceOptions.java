package dev.parley.session.conference;

import dev.parley.common.control.Order.ConferenceSettings;
import dev.parley.common.control.Order.RecordingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a conference is to be. Everything but the settings and the placement may change while it
 * runs. Immutable.
 *
 * @param locked true to let nobody in but those who take the place of their own stay
 * @param lobby true to have people wait until a moderator lets them in
 * @param maxParticipants 1 to {@value #PARTICIPANTS_MAX}; if more are there, nobody is thrown out
 * @param settings for the media server that holds it
 * @param tags the tenant's own, for its reports; at most {@value #TAGS_MAX}
 * @param attributes the tenant's own, for its clients, or null
 * @param placement where its media may be, which does not change; an item of an older version has
 *     none, which counts as anywhere
 * @param autoRecord how it is recorded from when the first of its people comes, or null if it is
 *     not; does not change
 * @param recordingRules what holds for its recordings, which does not change; an item of an older
 *     version has none
 * @param channel where it is filed, with what becomes of it, or null; does not change
 * @param retention how long what becomes of it is kept, which does not change; an item of an older
 *     version has none
 */
public record ConferenceOptions(
    boolean locked,
    boolean lobby,
    int maxParticipants,
    Lifespan lifespan,
    ConferenceSettings settings,
    SortedMap<String, String> tags,
    @Nullable Attributes attributes,
    Placement placement,
    @Nullable RecordingMode autoRecord,
    RecordingRules recordingRules,
    @Nullable String channel,
    RetentionRule retention) {
  /** Most participants that a conference may allow. */
  public static final int PARTICIPANTS_MAX = 10_000;

  /** Most tags, and the most characters of a tag's name and of its value. */
  public static final int TAGS_MAX = 50;

  public static final int TAG_NAME_LENGTH_MAX = 64;
  public static final int TAG_VALUE_LENGTH_MAX = 256;

  /** Open, for a hundred participants. */
  public static final ConferenceOptions DEFAULT =
      new ConferenceOptions(
          false,
          false,
          100,
          Lifespan.DEFAULT,
          ConferenceSettings.DEFAULT,
          Collections.emptySortedMap(),
          null,
          Placement.ANYWHERE);

  public ConferenceOptions {
    if (maxParticipants < 1 || maxParticipants > PARTICIPANTS_MAX) {
      throw new IllegalArgumentException("maxParticipants is out of range: " + maxParticipants);
    }
    if (tags.size() > TAGS_MAX) {
      throw new IllegalArgumentException("too many tags: " + tags.size());
    }
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    placement = Objects.requireNonNullElse(placement, Placement.ANYWHERE);
    recordingRules = Objects.requireNonNullElse(recordingRules, RecordingRules.NONE);
    retention = Objects.requireNonNullElse(retention, RetentionRule.NONE);
  }

  /** Options of a conference in no channel that nobody records unless somebody asks for it. */
  public ConferenceOptions(
      boolean locked,
      boolean lobby,
      int maxParticipants,
      Lifespan lifespan,
      ConferenceSettings settings,
      SortedMap<String, String> tags,
      @Nullable Attributes attributes,
      Placement placement) {
    this(
        locked,
        lobby,
        maxParticipants,
        lifespan,
        settings,
        tags,
        attributes,
        placement,
        null,
        RecordingRules.NONE,
        null,
        RetentionRule.NONE);
  }

  /** Returns them with another placement. */
  public ConferenceOptions placed(Placement next) {
    return new ConferenceOptions(
        locked,
        lobby,
        maxParticipants,
        lifespan,
        settings,
        tags,
        attributes,
        next,
        autoRecord,
        recordingRules,
        channel,
        retention);
  }

  /** Returns the names, as the API has them, of those that are not as they were. */
  List<String> differingFrom(ConferenceOptions before) {
    List<String> names = new ArrayList<>();
    Map<String, @Nullable Object> then = before.byName();
    byName()
        .forEach((name, value) -> {
          if (!Objects.equals(value, then.get(name))) {
            names.add(name);
          }
        });
    return names;
  }

  private Map<String, @Nullable Object> byName() {
    Map<String, @Nullable Object> values = new TreeMap<>();
    values.put("locked", locked);
    values.put("lobby", lobby);
    values.put("maxParticipants", maxParticipants);
    values.put("emptyTimeoutSec", lifespan.emptyTimeout());
    values.put("maxDurationSec", lifespan.maxDuration());
    values.put("endWhen", lifespan.endWhen());
    values.put("departureTimeoutSec", lifespan.departureTimeout());
    values.put("tags", tags);
    values.put("attributes", attributes);
    return values;
  }
}
