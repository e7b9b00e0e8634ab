package dev.parley.session.erasure;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.Answer;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.ConferenceStore;
import dev.parley.session.conference.ContendedException;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.PersonTraces;
import dev.parley.session.conference.Refusal;
import dev.parley.session.conversation.Conversations;
import dev.parley.session.library.FileSharing;
import dev.parley.session.message.Messages;
import dev.parley.session.recording.RecordedPeople;
import dev.parley.session.webhook.DeliveryTraces;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Erases people. Thread-safe; blocks.
 *
 * <p>An erasure walks through all conferences of its tenant, some at a time, and remembers how far
 * it has come, so that any node goes on where another died. What is on its way while it walks, a
 * notice that is being handed on, say, may come to rest behind it: so it walks twice, and only the
 * second walk forgets by what the first found the person.
 */
public final class Erasures {
  /** How long what was on its way may take to come to rest. */
  public static final Duration SETTLE_TIME = Duration.ofSeconds(10);

  /** Whoever works on one says so at each page. */
  private static final Duration TAKEN_FOR = Duration.ofSeconds(60);

  private static final int PAGE_SIZE = 100;
  private static final int PAGES_AT_ONCE = 20;
  private static final int AT_ONCE_MAX = 20;

  private final ErasureStore store;
  private final Places places;
  private final Names names;
  private final Clock clock;
  private final Duration keep;
  private final Consumer<Erasure> done;
  private final LongAdder doneCount = new LongAdder();

  /**
   * Takes what it needs.
   *
   * @param keep how long receipts are kept
   * @param done hears of each that is done
   */
  public Erasures(
      ErasureStore store,
      Places places,
      Names names,
      Clock clock,
      Duration keep,
      Consumer<Erasure> done) {
    this.store = store;
    this.places = places;
    this.names = names;
    this.clock = clock;
    this.keep = keep;
    this.done = done;
  }

  /**
   * Where people leave traces.
   *
   * @param events has a conference's events forgotten
   */
  public record Places(
      ConferenceStore conferences,
      PersonTraces calls,
      Messages messages,
      FileSharing files,
      RecordedPeople recorded,
      Conversations conversations,
      DeliveryTraces deliveries,
      Consumer<ConferenceId> events) {}

  /**
   * What erasures and people are called.
   *
   * @param ids makes an erasure's id of the tenant and an idempotency key, which may be null
   * @param pseudonyms stands for a tenant's identity
   */
  public record Names(Ids ids, BinaryOperator<String> pseudonyms) {}

  /** Makes ids. */
  public interface Ids {
    String id(String tenant, @Nullable String idempotencyKey);
  }

  /**
   * An erasure that was asked for.
   *
   * @param isReplayed true if an earlier request with the same key asked for it
   */
  public record Asked(Erasure erasure, boolean isReplayed) {}

  /** Begins to erase a person; the rest happens though nobody asks. */
  public Answer<Asked> ask(String tenant, Erasure.Wish wish, @Nullable String idempotencyKey) {
    String id = names.ids().id(tenant, idempotencyKey);
    String pseudonym = names.pseudonyms().apply(tenant, wish.subject());
    Erasure earlier = store.erasure(tenant, id);
    if (earlier != null) {
      boolean isSame =
          earlier.pseudonym().equals(pseudonym) && earlier.erasesMixes() == wish.erasesMixes();
      return isSame
          ? new Answer.Done<>(new Asked(earlier, true))
          : new Answer.Refused<>(new Refusal.KeyReused());
    }
    Erasure wished = store.write(Erasure.wished(id, tenant, pseudonym, wish, now()));
    if (wished == null) {
      throw new ContendedException("erasure " + id);
    }
    return new Answer.Done<>(new Asked(wished, false));
  }

  public @Nullable Erasure find(String tenant, String id) {
    return store.erasure(tenant, id);
  }

  /** How many this node has finished. */
  public long doneCount() {
    return doneCount.sum();
  }

  /** Does what is due and returns how much that was. Called twice a second or so, by one thread. */
  public int run() {
    int count = 0;
    for (Erasure due : store.due(now(), AT_ONCE_MAX)) {
      Erasure.Walk walk = due.walk();
      if (walk == null) {
        store.remove(due);
      } else {
        Erasure mine = store.write(due.taken(walk, now().plus(TAKEN_FOR)));
        if (mine != null) {
          goOn(mine);
        }
      }
      count++;
    }
    return count;
  }

  private void goOn(Erasure taken) {
    Erasure mine = taken;
    for (int pages = 1; mine != null && pages <= PAGES_AT_ONCE; pages++) {
      Erasure.Walk walk = mine.walk();
      String subject = mine.subject();
      if (walk == null || subject == null || !walk.isTaken()) {
        return;
      }
      mine = store.write(page(mine, walk, subject, pages < PAGES_AT_ONCE));
    }
  }

  /** Returns it after one more page. */
  private Erasure page(Erasure before, Erasure.Walk walk, String subject, boolean isGoingOn) {
    ConferenceStore.Selection every =
        new ConferenceStore.Selection(before.tenant(), null, null, null, null);
    ConferenceStore.Page page = places.conferences().list(every, PAGE_SIZE, walk.cursor());
    Findings here = Findings.NONE;
    List<RecordedPeople.Mix> mixes = new ArrayList<>();
    for (Conference conference : page.conferences()) {
      here = here.plus(look(conference, before, subject, mixes));
    }
    Erasure erasure = before.naming(mixes);
    Findings sum =
        erasure.findings().plus(walk.isSecond() ? here.ofSecondWalk() : here.ofFirstWalk());
    Instant now = now();
    if (page.next() != null) {
      Erasure.Walk next = new Erasure.Walk(walk.isSecond(), page.next(), isGoingOn);
      return erasure.at(next, sum, isGoingOn ? now.plus(TAKEN_FOR) : now);
    }
    if (!walk.isSecond() && sum.found() > 0) {
      return erasure.at(new Erasure.Walk(true, null, false), sum, now.plus(SETTLE_TIME));
    }
    Conversations.Forgotten filed = places.conversations().erasePerson(erasure.tenant(), subject);
    Findings all = sum.plus(new Findings.Filed(filed.memberships(), filed.conversations()));
    Erasure finished = erasure.done(all, now, now.plus(keep));
    // Before it is stored: told twice is better than never.
    done.accept(finished);
    doneCount.increment();
    return finished;
  }

  private Findings look(
      Conference conference, Erasure erasure, String subject, List<RecordedPeople.Mix> mixes) {
    ConferenceId id = conference.id();
    ConferenceStore conferences = places.conferences();
    if (conferences.identityClaim(id, subject) == null) {
      return Findings.STRANGER;
    }
    // While it is known which stays are theirs.
    List<Participant> stays = conferences.staysOf(id, subject);
    RecordedPeople.Found recorded =
        places.recorded().erase(conference, stays, erasure.erasesMixes());
    mixes.addAll(recorded.mixes());
    PersonTraces.Found calls = places.calls().erase(conference, subject);
    // What is on hold keeps its words, and names nobody.
    boolean isHeld = places.conversations().isHeld(id);
    int messages = places.messages().erase(id, subject, isHeld);
    int files = places.files().erasePerson(conference.tenant(), id, subject);
    DeliveryTraces.Found sent = places.deliveries().erase(conference.tenant(), id, subject);
    places.events().accept(id);
    boolean isHashKept = conference.state().isOpen();
    Erasure.Walk walk = erasure.walk();
    if (walk != null && walk.isSecond() && !isHashKept) {
      conferences.forgetIdentity(id, subject);
    }
    return new Findings(
        1,
        1,
        calls.stays(),
        messages,
        files,
        counted(recorded),
        Findings.Filed.NOTHING,
        calls.notices(),
        sent.erased(),
        sent.delivered(),
        calls.bans(),
        calls.bansKept(),
        isHashKept ? 1 : 0);
  }

  private static Findings.Recorded counted(RecordedPeople.Found found) {
    long erased =
        found.mixes().stream().filter(mix -> mix.fate() == RecordedPeople.Fate.ERASED).count();
    return new Findings.Recorded(
        found.tracks(), found.tracksKept(), erased, found.mixes().size() - erased);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
