package dev.parley.session.store.regional;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.RecordingId;
import dev.parley.session.recording.Recording;
import dev.parley.session.recording.RecordingStore;
import dev.parley.session.store.RecordingItems;
import java.time.Instant;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Recordings, each in the library that its id names, which is its conference's. Thread-safe. */
public final class RegionalRecordingItems implements RecordingStore {
  private final Libraries<RecordingItems> libraries;

  public RegionalRecordingItems(Libraries<RecordingItems> libraries) {
    this.libraries = libraries;
  }

  @Override
  public @Nullable Recording recording(RecordingId id) {
    return of(id).recording(id);
  }

  @Override
  public @Nullable Recording write(Recording recording) {
    return of(recording.id()).write(recording);
  }

  @Override
  public void remove(Recording recording) {
    of(recording.id()).remove(recording);
  }

  @Override
  public RecordingStore.Page list(
      String tenant, @Nullable ConferenceId conference, int limit, @Nullable String cursor) {
    if (conference != null) {
      return libraries.of(conference.value()).list(tenant, conference, limit, cursor);
    }
    List<ListPart<Recording>> parts =
        libraries.ofTenant(tenant).stream()
            .map(items -> items.list(tenant, null, limit, cursor))
            .map(page -> new ListPart<>(page.recordings(), page.next()))
            .toList();
    ListPart<Recording> all = ListPart.merged(parts, limit, RecordingItems::place);
    return new RecordingStore.Page(all.entries(), all.next());
  }

  @Override
  public List<Recording> due(Instant now, int limit, IntPredicate isOurs) {
    return libraries.due(items -> items.due(now, limit, isOurs));
  }

  @Override
  public void again(Recording recording) {
    of(recording.id()).again(recording);
  }

  private RecordingItems of(RecordingId id) {
    return libraries.of(id.value());
  }
}
