package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.harness.RunningService;
import dev.parley.session.store.Item;
import dev.parley.session.store.ItemRange;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.Table;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./parley audit} beside a running service, and after somebody has altered its file. */
final class AuditCommandIT {
  private static final String DAY = "2026-11-21";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void whatHappenedIsListedAndItsAlterationNamed(@TempDir Path folder) {
    try (RunningService service = new RunningService(folder)) {
      for (int i = 0; i < 5; i++) {
        service.conference("{}");
      }
      assertThat(run(service, "list")).isZero();
      assertThat(text(out).lines())
          .hasSize(5)
          .allMatch(line -> line.contains("default  key:"))
          .allMatch(line -> line.contains("  POST /v1/conferences  /v1/conferences/cf_"))
          .allMatch(line -> line.contains("  201  rq_"));
      assertThat(run(service, "verify", "--days=3")).isZero();
      assertThat(text(out))
          .contains(DAY + "/", "  5 links  5 entries  head ")
          .endsWith("no chain is broken\n");
      assertThat(run(service, "verify", "--day=2026-11-20")).isZero();
      assertThat(text(out)).isEqualTo("no chain is broken\n");
    }
    alter(folder.resolve("facts.rocksdb"));
    try (RunningService service = new RunningService(folder)) {
      assertThat(run(service, "verify")).isEqualTo(1);
      assertThat(text(out))
          .contains("  2 links  2 entries")
          .contains("BROKEN at link 3: its hash does not fit its entries");
    }
  }

  @Test
  void whatCannotBeDoneIsTold() {
    assertThat(Audit.run(List.of("list", "--admin-port=1"), Map.of(), stream(out), stream(err)))
        .isEqualTo(1);
    assertThat(text(err)).contains("no session service answers on its admin port");
    assertThat(Audit.run(List.of("prove"), Map.of(), stream(out), stream(err))).isEqualTo(2);
    assertThat(Audit.run(List.of("--help"), Map.of(), stream(out), stream(err))).isZero();
    assertThat(text(out)).contains("--day", "--days");
  }

  /** Has the third thing that happened be done by another key. */
  private static void alter(Path file) {
    try (EmbeddedStore store = EmbeddedStore.open(file)) {
      ItemStore ops = store.table(Table.OPS);
      for (int shard = 0; shard < 4; shard++) {
        List<Item> links = ops.query(ItemRange.all("AUD#" + DAY + "#" + shard, 10)).items();
        if (links.size() == 5) {
          Item third = links.get(2);
          ops.replace(
              new Item(
                  third.key(),
                  third.version() + 1,
                  third.indexes(),
                  third.body().replaceFirst("key:[0-9a-f]+", "key:somebodyelse")));
        }
      }
    }
  }

  private int run(RunningService service, String action, String... more) {
    out.reset();
    List<String> arguments =
        new java.util.ArrayList<>(List.of(action, "--admin-port=" + service.adminPort()));
    arguments.addAll(List.of(more));
    return Audit.run(arguments, Map.of(), stream(out), stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
