package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.parley.session.access.Pseudonyms;
import dev.parley.session.access.ServiceSecret;
import dev.parley.session.audit.AuditChain;
import dev.parley.session.audit.AuditEntry;
import dev.parley.session.audit.AuditLog;
import dev.parley.session.harness.MovableClock;
import dev.parley.session.store.AuditItems;
import dev.parley.session.store.Table;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class AuditTrailTest {
  private static final String NODE = "a";

  private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T12:00:00Z"));
  private final EmbeddedStore store = EmbeddedStore.inMemory();
  private final AuditLog log =
      new AuditLog(new AuditItems(store.table(Table.OPS)), clock, NODE, Duration.ofDays(30));
  private final ListAppender<ILoggingEvent> printed = new ListAppender<>();
  private boolean isStoreAway;
  private final AuditTrail trail =
      new AuditTrail(
          log,
          new Pseudonyms(new ServiceSecret(new byte[ServiceSecret.LENGTH])),
          () -> isStoreAway);

  @BeforeEach
  void listen() {
    printed.start();
    logger().setLevel(Level.INFO);
    logger().addAppender(printed);
  }

  @AfterEach
  void close() {
    logger().detachAppender(printed);
    logger().setLevel(null);
    store.close();
  }

  @Test
  void whatIsDoneWhileTheStoreIsAwayIsInTheNodesLogAtOnceAndInTheAuditLogLater() {
    isStoreAway = true;
    trail.recordOperator("POST /admin/regions/{r}/drain", "/admin/regions/eu/drain", 202, null);
    trail.recordOperator("POST /admin/regions/{r}/drain", "/admin/regions/na/drain", 404, "absent");

    assertThat(trail.owedCount()).isEqualTo(2);
    assertThat(trail.settle()).isZero();
    assertThat(printed.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "waits for the audit log: 2026-11-22T12:00:00Z - operator POST"
                + " /admin/regions/{r}/drain /admin/regions/eu/drain 202 -",
            "waits for the audit log: 2026-11-22T12:00:00Z - operator POST"
                + " /admin/regions/{r}/drain /admin/regions/na/drain 404 absent -");

    isStoreAway = false;
    assertThat(trail.settle()).isEqualTo(2);
    assertThat(trail.owedCount()).isZero();
    List<AuditEntry> kept = new ArrayList<>();
    for (int shard = 0; shard < AuditChain.SHARD_COUNT; shard++) {
      log.links(new AuditChain(log.today(), shard), 0, 10)
          .forEach(link -> kept.addAll(link.entries()));
    }
    assertThat(kept)
        .extracting(AuditEntry::object)
        .containsExactly("/admin/regions/eu/drain", "/admin/regions/na/drain");
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(AuditTrail.class);
  }
}
