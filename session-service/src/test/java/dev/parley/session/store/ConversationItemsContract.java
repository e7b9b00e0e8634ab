package dev.parley.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.RetentionRule;
import dev.parley.session.conversation.Category;
import dev.parley.session.conversation.CategoryStore;
import dev.parley.session.conversation.CategoryTree;
import dev.parley.session.conversation.Channel;
import dev.parley.session.conversation.ChannelStore;
import dev.parley.session.conversation.Conversation;
import dev.parley.session.conversation.ConversationStore;
import dev.parley.session.conversation.Label;
import dev.parley.session.conversation.Member;
import dev.parley.session.conversation.MemberRole;
import dev.parley.session.conversation.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What calls are filed by must be like this in every item store; a plain list is the model. */
public abstract class ConversationItemsContract {
  private static final Instant START = Instant.parse("2026-11-22T05:00:00Z");
  private static final String TENANT = "acme";
  private static final int CONVERSATIONS = 60;
  private static final int QUERIES = 200;

  /** An empty table with the indexes of {@link Table#LIBRARY}. */
  protected abstract ItemStore items();

  /** All of the tables that are used if the first is this one. */
  protected List<ItemStore> tables(ItemStore items) {
    return List.of(items);
  }

  /** Conversations in such a table, and maybe in more. */
  protected ConversationStore conversations(ItemStore items) {
    return new ConversationItems(items);
  }

  /** Channels in such a table, and maybe in more. */
  protected ChannelStore channels(ItemStore items) {
    return new ChannelItems(items);
  }

  /** Categories in such a table, and maybe in more. */
  protected CategoryStore categories(ItemStore items) {
    return new CategoryItems(items);
  }

  /** How something is called of which this would be the name if there were one table. */
  protected String id(String plain) {
    return plain;
  }

  @Test
  void aSearchFindsWhatAPlainListHolds() {
    long seed = 20_261_122;
    Random random = new Random(seed);
    ConversationStore store = conversations(items());
    List<Conversation> model = new ArrayList<>();
    Map<String, Set<ConferenceId>> tookPart = new HashMap<>();
    for (int i = 0; i < CONVERSATIONS; i++) {
      Conversation written = store.write(conversation(i, random));
      assertThat(written).isNotNull();
      for (String row : written.wantedRows()) {
        store.addRow(written, row);
        store.addRow(written, row);
      }
      String identity = "person-" + random.nextInt(4);
      var visit = new ConversationStore.Visit(written.conference(), written.span().createdAt());
      store.addVisit(written.tenant(), identity, visit);
      store.addVisit(written.tenant(), identity, visit);
      if (written.tenant().equals(TENANT)) {
        tookPart.computeIfAbsent(identity, _ -> new HashSet<>()).add(written.conference());
      }
      model.addFirst(written);
    }

    for (int i = 0; i < QUERIES; i++) {
      String identity = random.nextInt(3) == 0 ? "person-" + random.nextInt(5) : null;
      ConversationStore.Selection selection =
          new ConversationStore.Selection(
              TENANT,
              identity,
              random.nextInt(3) == 0 ? "ch_" + random.nextInt(3) : null,
              random.nextInt(3) == 0 ? "ca_" + random.nextInt(3) : null,
              tags(random, 3));

      assertThat(all(store, selection, 1 + random.nextInt(7)))
          .as("seed %d query %d %s", seed, i, selection)
          .isEqualTo(
              model.stream()
                  .filter(selection::includes)
                  .map(Conversation::conference)
                  .filter(id ->
                      identity == null || tookPart.getOrDefault(identity, Set.of()).contains(id))
                  .toList());
    }
  }

  @Test
  void whoeverIsSecondDoesNotWrite() {
    ConversationStore store = conversations(items());
    Conversation conversation = conversation(1, new Random(1));

    Conversation first = store.write(conversation);

    assertThat(first).isNotNull();
    assertThat(store.write(conversation)).isNull();
    assertThat(store.conversation(conversation.conference())).isEqualTo(first);
    assertThat(store.write(first)).isNotNull();
    assertThat(store.write(first)).isNull();
    assertThat(store.remove(first)).isFalse();
  }

  @Test
  void whatIsForgottenIsFoundByNobody() {
    ItemStore items = items();
    ConversationStore store = conversations(items);
    Conversation written = store.write(conversation(2, new Random(2)));
    assertThat(written).isNotNull();
    var visit = new ConversationStore.Visit(written.conference(), written.span().createdAt());
    store.addVisit(TENANT, "ana", visit);
    store.addVisit(TENANT, "ben", visit);
    store.addRow(written, Conversation.categoryRow("ca_9"));
    assertThat(store.hasRow(written.tenant(), Conversation.categoryRow("ca_9"))).isTrue();

    assertThat(store.removeVisits(TENANT, "ana", 10)).isEqualTo(1);
    assertThat(store.hasVisit(TENANT, "ana", visit)).isFalse();
    assertThat(store.hasVisit(TENANT, "ben", visit)).isTrue();
    assertThat(store.removeVisits(written.conference())).isTrue();
    store.removeRow(written, Conversation.categoryRow("ca_9"));
    store.removeRow(written, Conversation.categoryRow("ca_9"));
    assertThat(store.remove(written)).isTrue();

    for (ItemStore table : tables(items)) {
      assertThat(table.scan(100, null).items()).isEmpty();
    }
  }

  @Test
  void whatIsDueIsFound() {
    ConversationStore store = conversations(items());
    Conversation conversation = conversation(3, new Random(3));
    store.write(
        new Conversation(
            conversation.conference(),
            TENANT,
            conversation.label(),
            conversation.filing(),
            conversation.span(),
            false,
            new TreeSet<>(),
            START.plusSeconds(60),
            1,
            0));

    assertThat(store.due(START.plusSeconds(59), 10, _ -> true)).isEmpty();
    assertThat(store.due(START.plusSeconds(61), 10, _ -> true))
        .extracting(Conversation::conference)
        .containsExactly(conversation.conference());
  }

  @Test
  void channelsAndMembersAreListedAndGo() {
    ChannelStore store = channels(items());
    List<String> model = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Channel channel = store.write(channel(id("ch_" + i), START.plusSeconds(i), i % 2 == 0));
      assertThat(channel).isNotNull();
      model.addFirst(channel.id());
    }

    assertThat(ids(store, Map.of())).isEqualTo(model);
    assertThat(ids(store, Map.of("even", "true")))
        .containsExactly(id("ch_4"), id("ch_2"), id("ch_0"));
    Channel first = store.channel(id("ch_0"));
    assertThat(first).isNotNull();
    assertThat(
            store.write(
                new Channel(
                    first.id(),
                    TENANT,
                    first.label(),
                    null,
                    first.retention(),
                    false,
                    START,
                    START,
                    "hash",
                    1)))
        .isNotNull();
    assertThat(ids(store, Map.of())).doesNotContain(id("ch_0"));
    Channel removed = store.channel(id("ch_0"));
    assertThat(removed).as("its rules still hold").isNotNull();
    assertThat(removed.retention()).isEqualTo(first.retention());

    Member ana = store.write(member(id("ch_1"), "ana"));
    Member ben = store.write(member(id("ch_1"), "ben"));
    Member again = store.write(member(id("ch_2"), "ana"));
    assertThat(ana).isNotNull();
    assertThat(ben).isNotNull();
    assertThat(again).isNotNull();
    assertThat(store.memberships(TENANT, "ana", 10)).containsExactlyInAnyOrder(ana, again);
    Page<Member> one = store.members(id("ch_1"), 1, null);
    assertThat(one.next()).isNotNull();
    Page<Member> two = store.members(id("ch_1"), 1, one.next());
    List<Member> both = new ArrayList<>(one.entries());
    both.addAll(two.entries());
    assertThat(both).containsExactlyInAnyOrder(ana, ben);
    assertThat(store.remove(ana)).isTrue();
    assertThat(store.remove(ana)).isFalse();
    assertThat(store.member(id("ch_1"), "mb_ana")).isNull();
  }

  @Test
  void aTreeIsOneItemThatOneWriterChanges() {
    CategoryStore store = categories(items());
    CategoryTree empty = store.tree(TENANT, null);
    Category category = new Category("ca_1", null, "Interviews", START, "hash");
    CategoryTree tree = new CategoryTree(TENANT, null, List.of(category), empty.version());

    assertThat(store.write(tree)).isNotNull();
    assertThat(store.write(tree)).isNull();
    assertThat(store.tree(TENANT, null).categories()).containsExactly(category);
    assertThat(store.tree(TENANT, id("ch_1")).categories()).isEmpty();
    assertThat(store.tree("other", null).categories()).isEmpty();
  }

  private static List<String> ids(ChannelStore store, Map<String, String> tags) {
    List<String> ids = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      Page<Channel> page = store.channels(TENANT, tags, 2, cursor);
      page.entries().forEach(channel -> ids.add(channel.id()));
      cursor = page.next();
    } while (cursor != null);
    return ids;
  }

  private static Channel channel(String id, Instant at, boolean isEven) {
    TreeMap<String, String> tags = new TreeMap<>();
    if (isEven) {
      tags.put("even", "true");
    }
    RetentionRule rule = new RetentionRule(30, null, RetentionRule.FOR_EVER, null);
    return new Channel(
        id, TENANT, new Label("x", tags, null), null, rule, false, at, null, "hash", 0);
  }

  private static Member member(String channel, String identity) {
    return new Member(channel, TENANT, "mb_" + identity, identity, MemberRole.MEMBER, START, 0);
  }

  private static List<ConferenceId> all(
      ConversationStore store, ConversationStore.Selection selection, int limit) {
    List<ConferenceId> found = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      Page<Conversation> page = store.list(selection, limit, cursor);
      page.entries().forEach(conversation -> found.add(conversation.conference()));
      cursor = page.next();
    } while (cursor != null);
    return found;
  }

  private Conversation conversation(int number, Random random) {
    Instant createdAt = START.plusMillis(number);
    SortedSet<String> categories = new TreeSet<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      categories.add("ca_" + random.nextInt(3));
    }
    return new Conversation(
        new ConferenceId(id("cf_" + number)),
        random.nextInt(5) == 0 ? "other" : TENANT,
        new Label("title", new TreeMap<>(tags(random, 4)), null),
        new Conversation.Filing(
            random.nextBoolean() ? "ch_" + random.nextInt(3) : null, categories),
        new Conversation.Span(createdAt, createdAt, createdAt),
        false,
        new TreeSet<>(),
        null,
        1,
        0);
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
