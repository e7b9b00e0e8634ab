package dev.parley.session.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The shape of a tree of categories, whatever is moved where. */
final class CategoryTreeTest {
  private static final Instant AT = Instant.parse("2026-11-22T05:00:00Z");
  private static final int STEPS = 3000;

  @Test
  void whateverIsMovedWhereItStaysATree() {
    long seed = 20_261_122;
    Random random = new Random(seed);
    CategoryTree tree = CategoryTree.empty("acme", null);
    Set<Class<?>> refusals = new HashSet<>();

    for (int i = 0; i < STEPS; i++) {
      String id = "ca_" + random.nextInt(40);
      Category there = tree.find(id);
      String parent = random.nextInt(6) == 0 ? null : "ca_" + random.nextInt(42);
      Category next = category(id, parent, "name " + random.nextInt(6));
      CategoryTree changed = tree.with(next);
      FilingRefusal refusal = changed.refusal(next);
      if (refusal == null) {
        tree = changed;
      } else {
        refusals.add(refusal.getClass());
      }
      if (there != null && random.nextInt(9) == 0 && !tree.hasBelow(id)) {
        tree = tree.without(id);
      }

      check(tree, "seed " + seed + " step " + i);
    }

    assertThat(refusals)
        .containsExactlyInAnyOrder(
            FilingRefusal.NoSuchCategory.class,
            FilingRefusal.Cycle.class,
            FilingRefusal.NameTaken.class,
            FilingRefusal.TooDeep.class);
  }

  /** By walking up from each: nobody meets itself, or a name of its own beside it. */
  private static void check(CategoryTree tree, String as) {
    Set<List<@Nullable String>> places = new HashSet<>();
    for (Category category : tree.categories()) {
      List<String> path = new ArrayList<>();
      String parent = category.parent();
      while (parent != null) {
        Category above = tree.find(parent);
        assertThat(above).as(as).isNotNull();
        path.add(above.id());
        assertThat(path.size()).as(as).isLessThan(CategoryTree.DEPTH_MAX);
        assertThat(above.id()).as(as).isNotEqualTo(category.id());
        parent = above.parent();
      }
      List<@Nullable String> place = new ArrayList<>();
      place.add(category.parent());
      place.add(category.name());
      assertThat(places.add(place)).as("%s: %s twice", as, place).isTrue();
      assertThat(tree.path(category)).hasSize(path.size() + 1);
    }
    List<Category> inOrder = tree.inOrder();
    assertThat(inOrder).as(as).hasSameSizeAs(tree.categories());
    for (Category category : inOrder) {
      Category above = category.parent() == null ? null : tree.find(category.parent());
      assertThat(above == null || inOrder.indexOf(above) < inOrder.indexOf(category)).isTrue();
    }
  }

  @Test
  void aBranchIsMovedWithAllThatIsBelowIt() {
    CategoryTree tree = CategoryTree.empty("acme", null);
    for (int i = 1; i <= CategoryTree.DEPTH_MAX; i++) {
      tree = tree.with(category("ca_" + i, i == 1 ? null : "ca_" + (i - 1), "level " + i));
    }
    Category last = Objects.requireNonNull(tree.find("ca_" + CategoryTree.DEPTH_MAX));
    assertThat(tree.path(last)).hasSize(CategoryTree.DEPTH_MAX);
    assertThat(tree.refusal(last)).isNull();

    Category above = category("ca_0", null, "above");
    Category first = category("ca_1", "ca_0", "level 1");
    assertThat(tree.with(above).with(first).refusal(first))
        .isEqualTo(new FilingRefusal.TooDeep(CategoryTree.DEPTH_MAX));
    Category third = category("ca_3", "ca_0", "level 3");
    CategoryTree moved = tree.with(above).with(third);
    assertThat(moved.refusal(third)).isNull();
    assertThat(moved.path(last)).startsWith("above", "level 3");
  }

  private static Category category(String id, @Nullable String parent, String name) {
    return new Category(id, parent, name, AT, "hash");
  }
}
