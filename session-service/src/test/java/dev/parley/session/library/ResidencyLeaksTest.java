package dev.parley.session.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.Region;
import dev.parley.common.s3.AccessKey;
import dev.parley.common.s3.BucketAddress;
import dev.parley.common.s3.QuerySigner;
import dev.parley.session.conference.Message;
import dev.parley.session.conference.Notice;
import dev.parley.session.conference.NoticeSink;
import dev.parley.session.conference.NoticeType;
import dev.parley.session.conference.Notices;
import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.ObjectStores;
import dev.parley.session.object.StoreKind;
import dev.parley.session.object.StoreName;
import dev.parley.session.object.s3.S3Store;
import dev.parley.session.placement.ResidencyPolicies;
import dev.parley.session.placement.ResidencyPolicy;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.LibraryItems;
import dev.parley.session.store.ResidencyItems;
import dev.parley.session.store.Table;
import dev.parley.session.store.embedded.EmbeddedStore;
import dev.parley.session.store.regional.Libraries;
import dev.parley.session.store.regional.RegionalLibraryItems;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Random policies and operations, each answer held to a model that knows no more than the words of
 * the rule: an object may be where every policy lets it that is a default or is named, and all that
 * are named must be there. What is granted against it is a leak; what is refused against it, too
 * much.
 */
final class ResidencyLeaksTest {
  private static final int CASES = 10_000;
  private static final int STORES = 300;
  private static final int OBJECTS_MAX = 200;
  private static final String TENANT = "acme";
  private static final List<String> REGIONS = List.of("eu", "na", "asia", "sa", "af", "oc", "mars");

  /** Regions with libraries, the primary first. */
  private static final List<String> LIBRARIES = List.of("na", "eu", "asia");

  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");
  private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");

  private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  private final EmbeddedStore items = EmbeddedStore.inMemory();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ResidencyPolicies policies =
      new ResidencyPolicies(
          new ResidencyItems(items.table(Table.OPS)), clock, new TreeSet<>(LIBRARIES));
  private final LibraryItems primary = new LibraryItems(items.table(Table.LIBRARY));
  private final SortedMap<String, LibraryItems> others = new TreeMap<>();
  private final LibraryStore objects;

  // The model.
  private final Map<String, ResidencyPolicy.Rule> rules = new TreeMap<>();
  private final Map<String, Set<String>> named = new HashMap<>();
  private final List<String> ids = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private final Map<String, Integer> counts = new TreeMap<>();
  private Library library;

  ResidencyLeaksTest() {
    for (String region : LIBRARIES.subList(1, LIBRARIES.size())) {
      others.put(region, new LibraryItems(items.table("library-" + region, LibraryItems.INDEXES)));
    }
    objects =
        new RegionalLibraryItems(
            new Libraries<>(primary, LIBRARIES.getFirst(), others, policies::metadataRegions));
  }

  @BeforeEach
  void start() {
    List<ObjectStore> stores = new ArrayList<>();
    for (int i = 0; i < STORES; i++) {
      // None on Mars: a region may be permitted, and have no store.
      stores.add(store("s" + i, REGIONS.get(i % (REGIONS.size() - 1))));
    }
    library =
        new Library(
            objects,
            new ObjectStores(stores),
            new ObjectIds(new byte[32], policies::metadataRegions),
            new ObjectRules(policies),
            clock,
            new Library.Hearers(
                new Notices(
                    new ConferenceItems(items.table(Table.CORE)),
                    clock,
                    new Nobody(),
                    Runnable::run),
                (_, _) -> {}));
  }

  @AfterEach
  void stop() {
    http.close();
    items.close();
  }

  @Test
  void nothingIsGrantedThatAPolicyForbids() {
    long seed = 20_261_122;
    Random random = new Random(seed);

    for (int i = 0; i < CASES; i++) {
      step(random);
    }

    assertThat(wrong).as("seed %d", seed).isEmpty();
    assertThat(counts.keySet())
        .as("each answer came, %s", counts)
        .contains(
            "link granted",
            "link refused",
            "names in asia",
            "names in eu",
            "names in na",
            "read elsewhere refused",
            "register granted",
            "register refused",
            "register torn",
            "upload granted",
            "upload refused");
  }

  private void step(Random random) {
    int dice = random.nextInt(100);
    if (dice < 12) {
      putPolicy(random);
    } else if (dice < 15) {
      String name = any(NAMES, random);
      assertThat(policies.remove(TENANT, name)).isEqualTo(rules.remove(name) != null);
    } else if (dice < 40) {
      register(random);
    } else if (!ids.isEmpty()) {
      link(any(ids, random), random);
    }
  }

  private void putPolicy(Random random) {
    String name = any(NAMES, random);
    TreeSet<String> regions = new TreeSet<>();
    int count = 1 + random.nextInt(REGIONS.size() - 1);
    for (int i = 0; i < count; i++) {
      regions.add(any(REGIONS, random));
    }
    ResidencyPolicy.Rule rule =
        new ResidencyPolicy.Rule(
            regions.stream().map(Region::new).toList(),
            random.nextInt(8) == 0,
            random.nextInt(4) == 0,
            random.nextInt(4) == 0 ? any(LIBRARIES, random) : null);
    ResidencyPolicy current = policies.find(TENANT, name);
    assertThat(policies.put(TENANT, name, rule, current == null ? null : current.version()))
        .isInstanceOf(ResidencyPolicies.Outcome.Done.class);
    rules.put(name, rule);
  }

  private void register(Random random) {
    PlaceWish wish = random.nextInt(3) == 0 ? PlaceWish.in(any(REGIONS, random)) : near(random);
    int count = random.nextInt(3);
    for (int i = 0; i < count; i++) {
      wish = wish.under(any(NAMES, random));
    }
    Outcome<Library.Registered> outcome =
        library.register(
            new Library.Draft(
                TENANT,
                new LibraryObject.Content(ObjectKind.FILE, 4, "text/plain", "aGFzaA==", null),
                new LibraryObject.Label("name", new TreeMap<>(), null, Message.Sender.BACKEND),
                null,
                wish,
                new LibraryObject.Keeping(null, false),
                null,
                "request"));
    PlaceWish asked = wish;
    SortedSet<String> libraries = libraries(asked.policies());
    List<String> possible =
        REGIONS.subList(0, REGIONS.size() - 1).stream()
            .filter(region -> asked.regions().isEmpty() || asked.regions().contains(region))
            .filter(region -> isPermitted(region, asked.policies()))
            .toList();
    if (!(outcome instanceof Outcome.Done<Library.Registered>(Library.Registered registered))) {
      boolean isTorn = libraries.size() > 1;
      expect(isTorn ? "register torn" : "register refused", isTorn || possible.isEmpty(), asked);
      return;
    }
    LibraryObject object = registered.object();
    expect("register granted", possible.contains(object.place().region()), asked);
    expectNames(object, libraries);
    if (random.nextInt(3) > 0) {
      LibraryObject there =
          objects.write(object.withProgress(object.progress().available(NOW, true)));
      assertThat(there).isNotNull();
    }
    named.put(object.id(), asked.policies());
    ids.add(object.id());
    if (ids.size() > OBJECTS_MAX) {
      named.remove(ids.removeFirst());
    }
  }

  /** Names are in the library that the policies name, and in no other. */
  private void expectNames(LibraryObject object, SortedSet<String> wanted) {
    String region = wanted.isEmpty() ? LIBRARIES.getFirst() : wanted.first();
    List<String> found = new ArrayList<>();
    if (primary.object(object.id()) != null) {
      found.add(LIBRARIES.getFirst());
    }
    others.forEach((other, library) -> {
      if (library.object(object.id()) != null) {
        found.add(other);
      }
    });
    expect("names", wanted.size() <= 1 && found.equals(List.of(region)), object.id());
    counts.merge("names in " + region, 1, Integer::sum);
  }

  private SortedSet<String> libraries(Set<String> names) {
    SortedSet<String> all = new TreeSet<>();
    for (Map.Entry<String, ResidencyPolicy.Rule> rule : rules.entrySet()) {
      String library = rule.getValue().metadataRegion();
      if (library != null && (rule.getValue().isDefault() || names.contains(rule.getKey()))) {
        all.add(library);
      }
    }
    return all;
  }

  private static PlaceWish near(Random random) {
    return new PlaceWish(List.of(), any(REGIONS, random), new TreeSet<>(), null);
  }

  private void link(String id, Random random) {
    LibraryObject object = library.find(TENANT, id);
    assertThat(object).isNotNull();
    Set<String> names = named.getOrDefault(id, Set.of());
    String region = object.place().region();
    ObjectRules.Judge judge = library.judge(TENANT);
    boolean isPermitted = isPermitted(region, names);
    if (object.progress().state() == ObjectState.PENDING) {
      Library.Link upload = library.upload(object, judge);
      expect(
          upload == null ? "upload refused" : "upload granted",
          isPermitted == (upload != null),
          id);
      return;
    }
    String reader = random.nextInt(4) == 0 ? null : any(REGIONS, random);
    Library.Reading reading =
        new Library.Reading(Duration.ofMinutes(1), () -> reader, _ -> "inline");
    switch (library.link(object, reading, judge)) {
      case Outcome.Done<Library.Link>(Library.Link link) -> {
        expect("link granted", isPermitted && mayRead(reader, names), id);
        expect("link leads there", link.url().startsWith("https://" + region + "."), link.url());
      }
      case Outcome.Refused<Library.Link>(ObjectRefusal.Outside _) ->
          expect("link refused", !isPermitted, id);
      case Outcome.Refused<Library.Link>(ObjectRefusal.ReaderOutside _) ->
          expect("read elsewhere refused", isPermitted && !mayRead(reader, names), id);
      case Outcome.Refused<Library.Link>(ObjectRefusal other) -> wrong.add("link: " + other);
    }
  }

  private boolean isPermitted(String region, Set<String> names) {
    for (String name : names) {
      if (!rules.containsKey(name)) {
        return false;
      }
    }
    for (Map.Entry<String, ResidencyPolicy.Rule> rule : rules.entrySet()) {
      if ((rule.getValue().isDefault() || names.contains(rule.getKey()))
          && !rule.getValue().allowedRegions().contains(new Region(region))) {
        return false;
      }
    }
    return true;
  }

  private boolean mayRead(@Nullable String reader, Set<String> names) {
    for (Map.Entry<String, ResidencyPolicy.Rule> rule : rules.entrySet()) {
      if ((rule.getValue().isDefault() || names.contains(rule.getKey()))
          && rule.getValue().isReadInside()) {
        return reader != null && isPermitted(reader, names);
      }
    }
    return true;
  }

  private void expect(String what, boolean isRight, Object about) {
    counts.merge(what, 1, Integer::sum);
    if (!isRight) {
      wrong.add(what + " " + about + " under " + rules);
    }
  }

  /** One at a made-up address: links are signed without asking anybody. */
  private ObjectStore store(String id, String region) {
    QuerySigner signer =
        new QuerySigner(
            BucketAddress.of(URI.create("https://" + region + ".example.com"), "bucket", true),
            new AccessKey("id", "secretsecret"),
            region);
    return new S3Store(new StoreName(id, StoreKind.S3, region), signer, signer, http, clock);
  }

  /** No object here is of a conference. */
  private static final class Nobody implements NoticeSink {
    @Override
    public boolean wants(String tenant, NoticeType type) {
      return false;
    }

    @Override
    public void accept(String tenant, ConferenceId conference, List<Notice> notices) {}
  }

  private static <T> T any(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }
}
