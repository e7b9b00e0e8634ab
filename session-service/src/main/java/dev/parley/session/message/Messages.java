package dev.parley.session.message;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.access.Quota;
import dev.parley.session.conference.Answer;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.ConferenceEvent;
import dev.parley.session.conference.ConferenceEventSink;
import dev.parley.session.conference.ConferenceStore;
import dev.parley.session.conference.ConferenceTraces;
import dev.parley.session.conference.ContendedException;
import dev.parley.session.conference.EndReason;
import dev.parley.session.conference.Message;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sending and reading messages. A message is numbered by the write that stores it, at the first
 * free place of its conference: who has seen a number has seen, or can read, all below.
 * Thread-safe; blocks on the store.
 */
public final class Messages implements ConferenceTraces {
  /** Longest text, in bytes of UTF-8. */
  public static final int TEXT_BYTES_MAX = 4096;

  /** Longest name that a client gives a message of its own, in characters. */
  public static final int CLIENT_ID_LENGTH_MAX = 255;

  /** Of one identity in one conference. */
  public static final Quota QUOTA = new Quota("message", 10, Duration.ofSeconds(1));

  private static final int ATTEMPTS_MAX = 50;
  private static final int LOCK_COUNT = 256;
  private static final int ERASE_PAGE = 200;

  private final MessageStore store;
  private final ConferenceStore conferences;
  private final ConferenceEventSink events;
  private final Clock clock;
  private final ReentrantLock[] sending = new ReentrantLock[LOCK_COUNT];

  public Messages(
      MessageStore store, ConferenceStore conferences, ConferenceEventSink events, Clock clock) {
    this.store = store;
    this.conferences = conferences;
    this.events = events;
    this.clock = clock;
    for (int i = 0; i < LOCK_COUNT; i++) {
      sending[i] = new ReentrantLock();
    }
  }

  @Override
  public boolean forget(ConferenceId conference) {
    return store.forget(conference);
  }

  /**
   * What is to be sent.
   *
   * @param stay who sends it, or null for the tenant's backend
   * @param clientId the sender's own name for it: a second one of that name is the same message;
   *     null if each is another
   */
  public record Draft(
      ConferenceId conference,
      @Nullable ParticipantId stay,
      String text,
      @Nullable String clientId) {}

  /**
   * A message that is stored.
   *
   * @param isReplayed true if an earlier request stored it
   */
  public record Sent(Message message, boolean isReplayed) {}

  /** Returns how many messages there are in a conference. Blocks. */
  public long count(ConferenceId conference) {
    return store.lastSequence(conference);
  }

  /** Whose quota a participant's messages are. */
  public static String quotaSubject(ConferenceId conference, @Nullable String identity) {
    return conference + " " + (identity == null ? "" : identity);
  }

  /** Stores a message and tells everyone. When this is done it is there for good. */
  public Answer<Sent> send(Draft draft) {
    Conference conference = conferences.conference(draft.conference());
    if (conference == null) {
      return new Answer.Refused<>(new Refusal.NotFound("conference"));
    }
    if (!conference.state().isOpen()) {
      EndReason reason = conference.endReason();
      return new Answer.Refused<>(new Refusal.Ended(reason == null ? EndReason.API : reason));
    }
    Message.Sender sender = Message.Sender.BACKEND;
    if (draft.stay() != null) {
      Participant stay = conferences.participant(draft.conference(), draft.stay());
      if (stay == null || !stay.state().isPresent()) {
        return new Answer.Refused<>(new Refusal.NotJoined());
      }
      if (!stay.person().grants().chat()) {
        return new Answer.Refused<>(new Refusal.GrantMissing("chat"));
      }
      sender = Message.Sender.of(stay);
    }
    // Those of one node line up here, or most of them would find each number taken.
    ReentrantLock lock = sending[Math.floorMod(draft.conference().hashCode(), LOCK_COUNT)];
    lock.lock();
    try {
      return store(draft, sender);
    } finally {
      lock.unlock();
    }
  }

  /** Returns messages of a conference that exists. */
  public List<Message> list(ConferenceId conference, MessageStore.Wish wish) {
    return store.list(conference, wish);
  }

  /**
   * Empties all messages of an identity in a conference; their places stay. May be repeated.
   *
   * @param isTextKept true to leave what they say, and take out only whose they are
   * @return how many that were
   */
  public int erase(ConferenceId conference, String identity, boolean isTextKept) {
    int erased = 0;
    long above = 0;
    while (true) {
      List<Message> page =
          store.list(conference, new MessageStore.Wish(above, Long.MAX_VALUE, false, ERASE_PAGE));
      for (Message message : page) {
        if (identity.equals(message.sender().identity()) && !message.text().isEmpty()) {
          store.replace(conference, isTextKept ? message.ofNobody() : message.erased());
          if (message.sendKey() != null) {
            store.removeClaim(conference, message.sendKey());
          }
          erased++;
        }
      }
      if (page.size() < ERASE_PAGE) {
        return erased;
      }
      above = page.getLast().sequence();
    }
  }

  private Answer<Sent> store(Draft draft, Message.Sender sender) {
    ConferenceId conference = draft.conference();
    String sendKey = draft.clientId() == null ? null : sendKey(sender, draft.clientId());
    SendClaim claim = sendKey == null ? null : claim(conference, sendKey, draft.text());
    if (claim != null && !claim.textHash().equals(hash(draft.text()))) {
      return new Answer.Refused<>(new Refusal.KeyReused());
    }
    long sequence = claim == null ? store.lastSequence(conference) + 1 : claim.sequence();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Message message = new Message(sequence, sender, draft.text(), now, sendKey);
      Message there = store.add(conference, message);
      boolean isMine = there != null && sendKey != null && sendKey.equals(there.sendKey());
      if (there == null || isMine) {
        Message stored = there == null ? message : there;
        // Also if an earlier request stored it: that one may have died before it told anybody.
        events.publish(conference, new ConferenceEvent.MessageSent(stored));
        return new Answer.Done<>(new Sent(stored, isMine));
      }
      sequence = store.lastSequence(conference) + 1;
      if (claim != null && sendKey != null) {
        claim = moved(conference, sendKey, claim.at(sequence));
        sequence = claim.sequence();
      }
    }
    throw new ContendedException("messages of " + conference);
  }

  /** Returns where a message of that name belongs, giving it a place if it has none. */
  private SendClaim claim(ConferenceId conference, String sendKey, String text) {
    SendClaim known = store.claim(conference, sendKey);
    if (known != null) {
      return known;
    }
    return moved(
        conference, sendKey, new SendClaim(store.lastSequence(conference) + 1, hash(text), 0));
  }

  /** Moves a claim, unless another request moved it: then to where that one did. */
  private SendClaim moved(ConferenceId conference, String sendKey, SendClaim next) {
    SendClaim written = store.write(conference, sendKey, next);
    SendClaim now = written == null ? store.claim(conference, sendKey) : written;
    if (now == null) {
      throw new IllegalStateException("claims are never removed: " + conference);
    }
    return now;
  }

  private static String sendKey(Message.Sender sender, String clientId) {
    String identity = sender.identity();
    return hash((identity == null ? "" : "=" + identity) + '\0' + clientId);
  }

  private static String hash(String text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }
}
