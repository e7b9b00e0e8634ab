package dev.parley.session.store.regional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.conversation.Category;
import dev.parley.session.conversation.CategoryStore;
import dev.parley.session.conversation.CategoryTree;
import dev.parley.session.conversation.ChannelStore;
import dev.parley.session.conversation.ConversationStore;
import dev.parley.session.store.CategoryItems;
import dev.parley.session.store.ChannelItems;
import dev.parley.session.store.ConversationItems;
import dev.parley.session.store.ConversationItemsContract;
import dev.parley.session.store.ItemStore;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three libraries are like one. */
final class RegionalConversationItemsTest extends ConversationItemsContract {
  private final SomeLibraries some = new SomeLibraries();
  private final AtomicReference<String> usual = new AtomicReference<>("eu");

  @Override
  protected ItemStore items() {
    return some.table();
  }

  @Override
  protected List<ItemStore> tables(ItemStore items) {
    return some.tables(items);
  }

  @Override
  protected ConversationStore conversations(ItemStore items) {
    return new RegionalConversationItems(some.with(items).map(ConversationItems::new));
  }

  @Override
  protected ChannelStore channels(ItemStore items) {
    return new RegionalChannelItems(some.with(items).map(ChannelItems::new));
  }

  @Override
  protected CategoryStore categories(ItemStore items) {
    return new RegionalCategoryItems(some.with(items).map(CategoryItems::new), _ -> usual.get());
  }

  @Override
  protected String id(String plain) {
    return SomeLibraries.id(plain);
  }

  @AfterEach
  void close() {
    some.close();
  }

  @Test
  void aTenantsTreeStaysWhereItsFirstCategoryWasMade() {
    ItemStore items = items();
    CategoryStore store = categories(items);
    Category category = new Category("ca_1", null, "Interviews", Instant.EPOCH, "hash");
    CategoryTree tree = store.write(new CategoryTree("t", null, List.of(category), 0));
    assertThat(tree).isNotNull();

    usual.set("asia");
    assertThat(store.tree("t", null)).isEqualTo(tree);
    assertThat(store.write(tree)).isNotNull();
    assertThat(store.tree("t", null).version()).isEqualTo(2);
    assertThat(items.scan(10, null).items()).isEmpty();
  }
}
