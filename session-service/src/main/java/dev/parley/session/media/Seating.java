package dev.parley.session.media;

import dev.parley.common.id.Region;
import dev.parley.session.conference.MediaServer;
import dev.parley.session.conference.RegionWish;
import dev.parley.session.conference.Vacancy;
import dev.parley.session.placement.Candidate;
import dev.parley.session.placement.Preference;
import dev.parley.session.placement.ServerSelector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many people more the media servers take that beat at one time. Immutable. */
record Seating(List<Server> live) {
  Seating {
    live = List.copyOf(live);
  }

  /**
   * One of them.
   *
   * @param isUsed false if nobody new is to go there, whatever room it has
   */
  record Server(MediaServer server, Candidate candidate, boolean isUsed) {}

  /** Returns whether a server takes one more; one that does not beat is not asked. */
  Vacancy vacancyOn(MediaServer server) {
    boolean isFull =
        live.stream()
            .anyMatch(one -> one.server().equals(server) && !one.candidate().takesOneMore());
    return new Vacancy(!isFull, server.region());
  }

  /**
   * Returns whether there is a server to be had, and where. Of several regions that are full, the
   * one that suits best is where to wait; if there is no server at all there is nothing to wait
   * for.
   */
  Vacancy vacancy(RegionWish regions, ServerSelector selector) {
    Preference preference = preference(regions);
    List<Server> permitted =
        live.stream().filter(one -> regions.permits(one.server().region())).toList();
    List<Candidate> usable =
        permitted.stream().filter(Server::isUsed).map(Server::candidate).toList();
    Candidate chosen = selector.choose(usable, preference);
    if (chosen != null) {
      return new Vacancy(true, chosen.region());
    }
    List<Region> inOrder =
        selector.inOrder(permitted.stream().map(Server::candidate).toList(), preference);
    return inOrder.isEmpty() ? new Vacancy(true, null) : new Vacancy(false, inOrder.getFirst());
  }

  /** Returns how many each region takes more. */
  Map<Region, Integer> left() {
    Map<Region, Integer> left = new HashMap<>();
    for (Server one : live) {
      int seats = one.isUsed() ? one.candidate().seatsLeft() : 0;
      left.merge(one.server().region(), seats, Integer::sum);
    }
    return left;
  }

  /** Returns what the selector is to know of a wish. */
  static Preference preference(RegionWish wish) {
    Map<Region, Double> rttMs = new HashMap<>();
    wish.near().forEach(distance -> rttMs.put(distance.region(), distance.rttMs()));
    return new Preference(wish.permitted(), wish.inOrder(), rttMs, wish.host());
  }
}
