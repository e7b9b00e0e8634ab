package dev.parley.session.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.harness.ForwardingAuditStore;
import dev.parley.session.harness.MovableClock;
import dev.parley.session.store.AuditItems;
import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemPage;
import dev.parley.session.store.ItemRange;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.StoreUnavailableException;
import dev.parley.session.store.Table;
import dev.parley.session.store.WriteResult;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class AuditLogTest {
  private static final LocalDate DAY = LocalDate.parse("2026-11-22");

  /** Two names of one shard. */
  private static final String NODE = "a";

  private static final String OTHER = "e";

  private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T23:59:50Z"));
  private final EmbeddedStore store = EmbeddedStore.inMemory();
  private final ItemStore items = store.table(Table.OPS);
  private final AuditChain chain = new AuditChain(DAY, AuditChain.shardOf(NODE));

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void entriesAreLinkedInOrder() {
    AuditLog log = log(items, NODE);
    for (int i = 0; i < 5; i++) {
      assertThat(log.record(entry(i))).isTrue();
    }

    List<AuditLink> links = log.links(chain, 0, 100);
    assertThat(links).hasSize(5);
    assertThat(verify(links).fault()).isNull();
    assertThat(verify(links).entryCount()).isEqualTo(5);
    assertThat(links.getLast().entries()).containsExactly(entry(4));
    assertThat(log.recordedCount()).isEqualTo(5);
  }

  @Test
  void nodesThatWriteAtTheSameTimeDoNotForkTheChain() throws Exception {
    assertThat(AuditChain.shardOf(NODE)).isEqualTo(AuditChain.shardOf(OTHER));
    List<AuditLog> nodes = List.of(log(items, NODE), log(items, OTHER));
    int count = 400;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> written = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        AuditEntry entry = entry(i);
        AuditLog node = nodes.get(i % 2);
        written.add(threads.submit(() -> node.record(entry)));
      }
      for (Future<Boolean> each : written) {
        assertThat(each.get()).isTrue();
      }
    }

    List<AuditLink> links = nodes.getFirst().links(chain, 0, 1000);
    AuditVerification verified = verify(links);
    Set<AuditEntry> found = new HashSet<>();
    links.forEach(link -> found.addAll(link.entries()));
    assertThat(verified.fault()).isNull();
    assertThat(verified.entryCount()).isEqualTo(count);
    assertThat(found).hasSize(count);
  }

  /** A node that knows the last link writes the next one sooner than one that must read it. */
  @Test
  void busierNodeDoesNotKeepAnotherOut() {
    AuditLog busy = log(items, OTHER);
    AuditStore direct = new AuditItems(items);
    AtomicInteger ahead = new AtomicInteger(500);
    AuditStore slow =
        new ForwardingAuditStore(direct) {
          @Override
          public @Nullable AuditLink last(AuditChain of) {
            AuditLink last = direct.last(of);
            if (ahead.getAndDecrement() > 0) {
              assertThat(busy.record(entry(ahead.get()))).isTrue();
            }
            return last;
          }
        };

    assertThat(new AuditLog(slow, clock, NODE, Duration.ofDays(30)).record(entry(1_000))).isTrue();
    assertThat(verify(direct.links(chain, 0, 1000)).fault()).isNull();
  }

  @Test
  void whoseEntryIsKeptDoesNotWaitForTheNextLink() throws Exception {
    int count = 40;
    CountDownLatch begun = new CountDownLatch(count);
    Semaphore returned = new Semaphore(0);
    PatientStore patient = new PatientStore(new AuditItems(items), begun, returned);
    AuditLog log = new AuditLog(patient, clock, NODE, Duration.ofDays(30));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> written = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        AuditEntry entry = entry(i);
        written.add(
            threads.submit(() -> {
              begun.countDown();
              boolean isKept = log.record(entry);
              returned.release();
              return isKept;
            }));
      }
      for (Future<Boolean> each : written) {
        assertThat(each.get()).isTrue();
      }
    }

    List<AuditLink> links = log.links(chain, 0, 100);
    assertThat(verify(links).entryCount()).isEqualTo(count);
    assertThat(links).as("a link that served many").hasSizeBetween(2, count - 1);
  }

  @Test
  void everyDayHasAChainOfItsOwn() {
    AuditLog log = log(items, NODE);
    log.record(entry(1));
    clock.advance(Duration.ofSeconds(10));
    log.record(entry(2));

    AuditChain tomorrow = new AuditChain(DAY.plusDays(1), chain.shard());
    assertThat(log.links(chain, 0, 10)).hasSize(1);
    assertThat(log.links(tomorrow, 0, 10).getFirst().number()).isEqualTo(1);
    assertThat(log.today()).isEqualTo(tomorrow.day());
  }

  @Test
  void restartedNodeGoesOnWhereTheChainEnds() {
    log(items, NODE).record(entry(1));
    AuditLog again = log(items, NODE);
    again.record(entry(2));

    assertThat(verify(again.links(chain, 0, 10)).linkCount()).isEqualTo(2);
  }

  @Test
  void whatWasAlteredIsFound() {
    AuditLog log = log(items, NODE);
    for (int i = 0; i < 5; i++) {
      assertThat(log.record(entry(i))).isTrue();
    }
    List<AuditLink> links = log.links(chain, 0, 10);
    AuditLink third = links.get(2);
    AuditEntry first = third.entries().getFirst();
    AuditEntry altered =
        new AuditEntry(
            first.at(), first.tenant(), "key:another", first.action(), first.object(), "204", "-");
    AuditLink rewritten = links.get(1).next(List.of(altered));

    assertThat(
            verify(
                    with(
                        links,
                        2,
                        new AuditLink(chain, 3, third.previous(), List.of(altered), third.hash())))
                .fault())
        .isEqualTo("link 3: its hash does not fit its entries");
    assertThat(verify(with(links, 2, rewritten)).fault())
        .isEqualTo("link 4: does not follow from the one before");
    List<AuditLink> without = new ArrayList<>(links);
    without.remove(2);
    assertThat(verify(without).fault()).isEqualTo("link 3: missing; link 4 comes instead");
    assertThat(verify(links.subList(1, 5)).fault())
        .isEqualTo("link 1: missing; link 2 comes instead");
    AuditVerification cut = verify(links.subList(0, 4));
    assertThat(cut.fault()).isNull();
    assertThat(cut.head()).isNotEqualTo(verify(links).head());
  }

  @Test
  void storeThatIsAwayRefusesAloudAndBreaksNothing() {
    FailingStore failing = new FailingStore(items);
    AuditLog log = log(failing, NODE);
    log.record(entry(1));
    failing.isAway = true;
    assertThat(recordQuietly(log, entry(2))).isFalse();
    failing.isAway = false;
    // The answer to a write was lost: it is there, but the node does not know.
    failing.isAnswerLost = true;
    assertThat(recordQuietly(log, entry(3))).isFalse();
    failing.isAnswerLost = false;
    assertThat(log.record(entry(4))).isTrue();

    AuditVerification verified = verify(log.links(chain, 0, 10));
    assertThat(verified.fault()).isNull();
    assertThat(verified.linkCount()).isEqualTo(3);
    assertThat(log.recordedCount()).isEqualTo(2);
  }

  @Test
  void whatWasKeptLongEnoughIsForgottenByWholeDays() {
    AuditLog log = log(items, NODE);
    log.record(entry(1));
    clock.advance(Duration.ofDays(30));
    log.record(entry(2));
    assertThat(log.expire()).isZero();
    clock.advance(Duration.ofDays(1));
    assertThat(log.expire()).isEqualTo(1);

    assertThat(log.links(chain, 0, 10)).isEmpty();
    assertThat(log.links(new AuditChain(DAY.plusDays(30), chain.shard()), 0, 10)).hasSize(1);
  }

  @Test
  void fieldsCannotPoseAsOthers() {
    AuditEntry entry =
        new AuditEntry(clock.instant(), "a\nb", "x".repeat(400), "a", "b", "200", "r\u0000");

    assertThat(entry.tenant()).isEqualTo("a?b");
    assertThat(entry.actor()).hasSize(300);
    assertThat(entry.requestId()).isEqualTo("r?");
  }

  private AuditLog log(ItemStore on, String node) {
    return new AuditLog(new AuditItems(on), clock, node, Duration.ofDays(30));
  }

  private AuditEntry entry(int number) {
    return new AuditEntry(
        Instant.parse("2026-11-22T12:00:00.123Z"),
        "acme",
        "key:k1",
        "DELETE /v1/conferences/{c}",
        "/v1/conferences/cf_" + number,
        "200",
        "rq_" + number);
  }

  private AuditVerification verify(List<AuditLink> links) {
    AuditVerification verification = new AuditVerification(chain);
    links.forEach(verification::add);
    return verification;
  }

  private static boolean recordQuietly(AuditLog log, AuditEntry entry) {
    try {
      return log.record(entry);
    } catch (StoreUnavailableException e) {
      return false;
    }
  }

  private static List<AuditLink> with(List<AuditLink> links, int index, AuditLink link) {
    List<AuditLink> altered = new ArrayList<>(links);
    altered.set(index, link);
    return altered;
  }

  /** Takes no link before everybody with an entry in the one before has been told. */
  private static final class PatientStore extends ForwardingAuditStore {
    private final CountDownLatch begun;
    private final Semaphore returned;

    /** Of the last link's entries; of whoever writes. */
    private int untold;

    PatientStore(AuditStore store, CountDownLatch begun, Semaphore returned) {
      super(store);
      this.begun = begun;
      this.returned = returned;
    }

    @Override
    public Appended append(AuditLink link) {
      try {
        begun.await();
        if (!returned.tryAcquire(untold, 10, TimeUnit.SECONDS)) {
          throw new IllegalStateException("somebody whose entry is kept still waits");
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      untold = link.entries().size();
      return super.append(link);
    }
  }

  /** A store that does not answer, or whose answer to a write is lost. */
  private static final class FailingStore implements ItemStore {
    private final ItemStore store;
    private boolean isAway;
    private boolean isAnswerLost;

    FailingStore(ItemStore store) {
      this.store = store;
    }

    @Override
    public @Nullable Item get(ItemKey key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public WriteResult create(Item item) {
      failIf(isAway);
      WriteResult result = store.create(item);
      failIf(isAnswerLost);
      return result;
    }

    @Override
    public WriteResult replace(Item item) {
      throw new UnsupportedOperationException();
    }

    @Override
    public WriteResult delete(ItemKey key, long version) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ItemPage query(ItemRange range) {
      failIf(isAway);
      return store.query(range);
    }

    @Override
    public ItemPage queryIndex(String index, ItemRange range) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ItemPage scan(int limit, @Nullable ItemKey after) {
      throw new UnsupportedOperationException();
    }

    private static void failIf(boolean fails) {
      if (fails) {
        throw new StoreUnavailableException("away", null);
      }
    }
  }
}
