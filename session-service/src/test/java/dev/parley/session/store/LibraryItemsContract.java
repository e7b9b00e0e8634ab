package dev.parley.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.conference.Message;
import dev.parley.session.conference.Outbox;
import dev.parley.session.conference.RetentionRule;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.LibraryStore;
import dev.parley.session.library.ObjectKind;
import dev.parley.session.library.ObjectState;
import dev.parley.session.library.TenantRetention;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the Library's facts must be like in every item store; a plain list is the model. */
public abstract class LibraryItemsContract {
  private static final Instant START = Instant.parse("2026-11-22T05:00:00Z");
  private static final int OBJECTS = 60;
  private static final int QUERIES = 200;

  /** An empty table with the indexes of {@link Table#LIBRARY}. */
  protected abstract ItemStore items();

  /** The Library's facts in such a table, and maybe in more. */
  protected LibraryStore library(ItemStore items) {
    return new LibraryItems(items);
  }

  /** How an object is called. */
  protected String id(int number) {
    return "ob_" + number;
  }

  @Test
  void aSearchFindsWhatAPlainListHolds() {
    long seed = 20_261_122;
    Random random = new Random(seed);
    LibraryStore library = library(items());
    List<LibraryObject> model = new ArrayList<>();
    for (int i = 0; i < OBJECTS; i++) {
      LibraryObject object = object(i, random);
      LibraryObject written = library.write(object);
      assertThat(written).isNotNull();
      for (String row : written.wantedRows()) {
        library.addTagRow(written, row);
        library.addTagRow(written, row);
      }
      model.addFirst(written);
    }

    for (int i = 0; i < QUERIES; i++) {
      Map<String, String> tags = tags(random, 3);
      Set<ObjectKind> kinds = random.nextInt(3) == 0 ? Set.of(ObjectKind.PHOTO) : Set.of();
      LibraryStore.Selection selection =
          new LibraryStore.Selection("acme", null, kinds, tags, random.nextBoolean());

      assertThat(all(library, selection, 1 + random.nextInt(7)))
          .as("seed %d query %d %s", seed, i, selection)
          .isEqualTo(model.stream().filter(selection::includes).map(LibraryObject::id).toList());
    }
  }

  @Test
  void whoeverIsSecondDoesNotWrite() {
    LibraryStore library = library(items());
    LibraryObject object = object(1, new Random(1));

    LibraryObject first = library.write(object);

    assertThat(first).isNotNull();
    assertThat(library.write(object)).isNull();
    assertThat(library.object(object.id())).isEqualTo(first);
    assertThat(library.write(first)).isNotNull();
    assertThat(library.write(first)).isNull();
  }

  @Test
  void aRowThatIsGoneLeadsNowhere() {
    LibraryStore library = library(items());
    LibraryObject object = object(1, new Random(1));
    library.addTagRow(object, "none=x");

    assertThat(
            all(
                library,
                new LibraryStore.Selection("acme", null, Set.of(), Map.of("none", "x"), false),
                5))
        .isEmpty();
    library.removeTagRow(object, "none=x");
    library.removeTagRow(object, "none=x");
  }

  @Test
  void whatIsDueIsFound() {
    LibraryStore library = library(items());
    LibraryObject object = object(1, new Random(1));
    LibraryObject.Progress progress = object.progress();
    library.write(
        with(
            object,
            new LibraryObject.Progress(
                ObjectState.PENDING,
                progress.createdAt(),
                null,
                false,
                null,
                false,
                START.plusSeconds(60))));

    assertThat(library.due(START.plusSeconds(59), 10, _ -> true)).isEmpty();
    assertThat(library.due(START.plusSeconds(61), 10, _ -> true))
        .extracting(LibraryObject::id)
        .containsExactly(object.id());
  }

  @Test
  void howLongATenantKeepsThingsIsWrittenOnceAndFoundWhileItsWalkIsDue() {
    TenantRetentionItems retentions = new TenantRetentionItems(items());
    TenantRetention said =
        new TenantRetention(
            "a tenant",
            new RetentionRule(30, RetentionRule.FOR_EVER, null, 7),
            START,
            1,
            false,
            new TenantRetention.Walk("here", START.plusSeconds(10)),
            0);

    TenantRetention first = retentions.write(said);

    assertThat(first).isNotNull();
    assertThat(retentions.write(said)).isNull();
    assertThat(retentions.retention("a tenant")).isEqualTo(first);
    assertThat(retentions.retention("another")).isNull();
    assertThat(retentions.due(START.plusSeconds(9), 10)).isEmpty();
    assertThat(retentions.due(START.plusSeconds(10), 10)).containsExactly(first);
    TenantRetention through =
        retentions.write(
            new TenantRetention(
                "a tenant", RetentionRule.NONE, START, 1, true, null, first.version()));
    assertThat(through).isNotNull();
    assertThat(retentions.due(START.plusSeconds(99), 10)).isEmpty();
    assertThat(retentions.retention("a tenant")).isEqualTo(through);
  }

  @Test
  void allRecordsAreReadPageByPageAndNothingElse() {
    LibraryStore library = library(items());
    Random random = new Random(3);
    List<String> written = new ArrayList<>();
    for (int i = 1; i <= 25; i++) {
      LibraryObject object = object(i, random);
      library.write(object);
      library.addTagRow(object, "t0=v0");
      written.add(object.id());
    }

    List<String> read = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      LibraryStore.Page page = library.all(7, cursor);
      page.objects().forEach(object -> read.add(object.id()));
      cursor = page.next();
    } while (cursor != null);

    assertThat(read).containsExactlyInAnyOrderElementsOf(written);
  }

  private static List<String> all(
      LibraryStore library, LibraryStore.Selection selection, int limit) {
    List<String> found = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      LibraryStore.Page page = library.list(selection, limit, cursor);
      page.objects().forEach(object -> found.add(object.id()));
      cursor = page.next();
    } while (cursor != null);
    return found;
  }

  private LibraryObject object(int number, Random random) {
    Instant createdAt = START.plusMillis(number);
    ObjectState[] states = ObjectState.values();
    ObjectKind kind = random.nextBoolean() ? ObjectKind.PHOTO : ObjectKind.FILE;
    return new LibraryObject(
        id(number),
        random.nextInt(5) == 0 ? "other" : "acme",
        new LibraryObject.Content(kind, 4, "text/plain", "hash", null),
        new LibraryObject.Label(
            "name", new TreeMap<>(tags(random, 4)), null, Message.Sender.BACKEND),
        new LibraryObject.Place(null, "directory", "local", "ob_" + number),
        new LibraryObject.Keeping(null, false),
        new LibraryObject.Progress(
            number % 3 == 0 ? states[random.nextInt(states.length)] : ObjectState.AVAILABLE,
            createdAt,
            createdAt,
            true,
            null,
            false,
            null),
        "request",
        new TreeSet<>(),
        Outbox.EMPTY,
        1,
        0);
  }

  private static LibraryObject with(LibraryObject object, LibraryObject.Progress progress) {
    return new LibraryObject(
        object.id(),
        object.tenant(),
        object.content(),
        object.label(),
        object.place(),
        object.keeping(),
        progress,
        object.requestHash(),
        object.tagRows(),
        object.outbox(),
        object.revision(),
        object.version());
  }

  private static Map<String, String> tags(Random random, int countMax) {
    Map<String, String> tags = new TreeMap<>();
    int count = random.nextInt(countMax);
    for (int i = 0; i < count; i++) {
      tags.put("t" + random.nextInt(3), "v" + random.nextInt(2));
    }
    return tags;
  }
}
