package dev.parley.session.store;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.RecordingId;
import dev.parley.session.conference.DueShards;
import dev.parley.session.recording.Recording;
import dev.parley.session.recording.RecordingStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Recordings as items of the table {@code library}.
 *
 * <pre>
 * partition    sort  what
 * R#recording  META  the recording
 *
 * index       partition      sort               of
 * tenant      RT#tenant      created#recording  META
 * conference  RV#conference  created#recording  META
 * due         RDUE#shard     due#recording      META that needs looking after
 * </pre>
 */
public final class RecordingItems implements RecordingStore {
  private static final String TENANT = "tenant";
  private static final String CONFERENCE = "conference";
  private static final String DUE = "due";
  private static final String META = "META";

  private final ItemStore items;
  private final DueShards dueShards = new DueShards();

  public RecordingItems(ItemStore items) {
    this.items = items;
  }

  @Override
  public @Nullable Recording recording(RecordingId id) {
    Item item = items.get(meta(id));
    return item == null ? null : recording(item);
  }

  @Override
  public @Nullable Recording write(Recording recording) {
    Recording next = recording.withVersion(recording.version() + 1);
    Map<String, ItemKey> indexes = new HashMap<>();
    indexes.put(TENANT, new ItemKey("RT#" + next.tenant(), place(next)));
    indexes.put(CONFERENCE, new ItemKey("RV#" + next.conference(), place(next)));
    Instant dueAt = next.dueAt();
    if (dueAt != null) {
      indexes.put(DUE, new ItemKey("RDUE#" + shard(next), millis(dueAt) + "#" + next.id()));
    }
    Item item = new Item(meta(next.id()), next.version(), indexes, ItemJson.write(next));
    WriteResult result = item.version() == 1 ? items.create(item) : items.replace(item);
    if (!(result instanceof WriteResult.Written)) {
      return null;
    }
    if (dueAt != null) {
      dueShards.wake(shard(next), dueAt);
    }
    return next;
  }

  @Override
  public void remove(Recording recording) {
    // A conflict says that somebody changed it, and it stays.
    items.delete(meta(recording.id()), recording.version());
  }

  @Override
  public Page list(
      String tenant, @Nullable ConferenceId conference, int limit, @Nullable String cursor) {
    String index = conference == null ? TENANT : CONFERENCE;
    String partition = conference == null ? "RT#" + tenant : "RV#" + conference;
    ItemKey after = cursor == null ? null : new ItemKey(partition, cursor);
    ItemPage page =
        items.queryIndex(index, new ItemRange(partition, null, null, true, limit, after));
    ItemKey next = page.next();
    List<Recording> recordings = new ArrayList<>();
    for (Item item : page.items()) {
      Recording recording = recording(item);
      if (recording.tenant().equals(tenant)) {
        recordings.add(recording);
      }
    }
    return new Page(recordings, next == null ? null : next.sort());
  }

  @Override
  public List<Recording> due(Instant now, int limit, IntPredicate isOurs) {
    List<Recording> due = new ArrayList<>();
    for (int shard : dueShards.take(now, isOurs)) {
      String to = millis(now.plusMillis(1));
      ItemRange range = new ItemRange("RDUE#" + shard, null, to, false, limit, null);
      List<Item> found = items.queryIndex(DUE, range).items();
      found.forEach(item -> due.add(recording(item)));
      if (found.size() == limit) {
        dueShards.again(shard);
      }
    }
    return due;
  }

  @Override
  public void again(Recording recording) {
    dueShards.again(shard(recording));
  }

  private static Recording recording(Item item) {
    return ItemJson.read(item, Recording.class).withVersion(item.version());
  }

  private static ItemKey meta(RecordingId id) {
    return new ItemKey("R#" + id, META);
  }

  /** Where a recording is in every list that has it, newest highest. */
  public static String place(Recording recording) {
    return millis(recording.times().createdAt()) + "#" + recording.id();
  }

  private static int shard(Recording recording) {
    return Math.floorMod(recording.id().hashCode(), DueShards.COUNT);
  }

  private static String millis(Instant instant) {
    return KeyText.number(instant.toEpochMilli());
  }
}
