package dev.parley.media;

import dev.parley.common.control.CommandResult.Busy;
import dev.parley.common.control.CommandResult.IceRestarted;
import dev.parley.common.control.CommandResult.Outcome;
import dev.parley.common.control.Order.EndSession;
import dev.parley.common.control.Order.RestartIce;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.token.MediaTicket;
import dev.parley.common.token.MediaTickets;
import dev.parley.media.control.ControlLink;
import dev.parley.media.door.DoorOrders;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Has the server do what those may ask who come to the door. Thread-safe; blocks. */
final class TicketHolders implements DoorOrders {
  /** Longer than that, and the client has given up. */
  private static final long ADMISSION_SEC = 5;

  private final ControlLink link;
  private final MediaCommandExecutor executor;
  private final ConferenceDirectory directory;
  private final Supplier<Instant> clock;

  TicketHolders(
      ControlLink link,
      MediaCommandExecutor executor,
      ConferenceDirectory directory,
      Supplier<Instant> clock) {
    this.link = link;
    this.executor = executor;
    this.directory = directory;
    this.clock = clock;
  }

  @Override
  public boolean mayCheckTickets() {
    return link.tickets() != null;
  }

  @Override
  public @Nullable MediaTicket check(String text) {
    MediaTickets tickets = link.tickets();
    MediaTicket ticket = tickets == null ? null : tickets.verify(text, clock.get());
    return ticket != null && link.isFor(ticket.place()) ? ticket : null;
  }

  @Override
  public Outcome admit(MediaTicket ticket, String offer) {
    try {
      return link.admit(ticket, offer).get(ADMISSION_SEC, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Busy("this server is ending");
    } catch (TimeoutException e) {
      return new Busy("the conference's commands are too far behind");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Outcome restartIce(ConferenceId conference, RestartIce order) {
    long epoch = directory.epochOf(conference);
    Outcome outcome = executor.restartIce(conference, order);
    if (outcome instanceof IceRestarted) {
      link.report(
          new StateEvent.IceBegunAnew(
              conference, epoch, order.participant(), order.session(), order.clientFragment()));
    }
    return outcome;
  }

  @Override
  public Outcome close(ConferenceId conference, EndSession order) {
    return executor.closeSession(conference, order);
  }

  @Override
  public boolean holds(ConferenceId conference, ParticipantId participant, String session) {
    return directory.find(conference, participant, session) != null;
  }
}
