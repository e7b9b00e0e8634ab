package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.parley.session.access.Pseudonyms;
import dev.parley.session.access.ServiceSecret;
import dev.parley.session.audit.AuditChain;
import dev.parley.session.audit.AuditLink;
import dev.parley.session.audit.AuditLog;
import dev.parley.session.audit.AuditStore;
import dev.parley.session.harness.ForwardingAuditStore;
import dev.parley.session.harness.MovableClock;
import dev.parley.session.store.AuditItems;
import dev.parley.session.store.StoreUnavailableException;
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
  private final SilentStore links = new SilentStore(new AuditItems(store.table(Table.OPS)));
  private final AuditLog log = new AuditLog(links, clock, NODE, Duration.ofDays(30));
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
    assertThat(kept()).containsExactly("/admin/regions/eu/drain", "/admin/regions/na/drain");
  }

  @Test
  void whatTheStoreDidNotTakeIsOwedUntilItDoes() {
    // It is not known to be away yet, or is away again.
    links.isSilent = true;
    trail.recordOperator("POST /admin/regions/{r}/drain", "/admin/regions/eu/drain", 202, null);
    trail.recordOperator("POST /admin/regions/{r}/drain", "/admin/regions/na/drain", 202, null);
    assertThat(trail.owedCount()).isEqualTo(2);
    assertThat(trail.settle()).isZero();
    assertThat(trail.owedCount()).isEqualTo(2);
    assertThat(kept()).isEmpty();

    links.isSilent = false;
    assertThat(trail.settle()).isEqualTo(2);
    assertThat(trail.owedCount()).isZero();
    assertThat(trail.lostCount()).isZero();
    assertThat(kept()).containsExactly("/admin/regions/eu/drain", "/admin/regions/na/drain");
  }

  @Test
  void whatCannotWaitEitherIsLostAloud() {
    links.isSilent = true;
    for (int i = 0; i <= AuditTrail.OWED_MAX; i++) {
      trail.recordOperator("POST /admin/regions/{r}/drain", "/admin/regions/" + i, 202, null);
    }
    assertThat(trail.owedCount()).isEqualTo(AuditTrail.OWED_MAX);
    assertThat(trail.lostCount()).isEqualTo(1);
    assertThat(printed.list)
        .last()
        .extracting(ILoggingEvent::getFormattedMessage)
        .isEqualTo(
            "not in the audit log: 2026-11-22T12:00:00Z - operator POST"
                + " /admin/regions/{r}/drain /admin/regions/4096 202 -");
  }

  private List<String> kept() {
    List<String> objects = new ArrayList<>();
    for (int shard = 0; shard < AuditChain.SHARD_COUNT; shard++) {
      for (AuditLink link : log.links(new AuditChain(log.today(), shard), 0, 10)) {
        link.entries().forEach(entry -> objects.add(entry.object()));
      }
    }
    return objects;
  }

  /** A store that does not answer at times. */
  private static final class SilentStore extends ForwardingAuditStore {
    private boolean isSilent;

    SilentStore(AuditStore store) {
      super(store);
    }

    @Override
    public Appended append(AuditLink link) {
      if (isSilent) {
        throw new StoreUnavailableException("silent", null);
      }
      return super.append(link);
    }
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(AuditTrail.class);
  }
}
