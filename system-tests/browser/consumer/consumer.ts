// A program in TypeScript that uses parley-client as a package: it is compiled, never run.
import { ParleyClient, ProblemError, openMicrophone } from 'parley-client';
import type { Participant, Quality } from 'parley-client/types';

export async function join(conferenceId: string, token: string): Promise<string[]> {
  const client = new ParleyClient({ baseUrl: 'https://parley.example' });
  const names: string[] = [];
  client.addEventListener('quality', (event) => {
    const quality: Quality = (event as CustomEvent).detail;
    names.push(quality.words);
  });
  try {
    await client.join({ conferenceId, token, microphone: await openMicrophone(), listening: 'auto' });
    const { sequence } = await client.sendMessage('Hello');
    const other: Participant | undefined = [...client.roster.values()].find(({ id }) => id !== client.participantId);
    if (other) {
      await client.remove(other.id, { banSeconds: 60 + sequence });
    }
    // @ts-expect-error Roles are few.
    await client.setRole('pt_1', 'king');
  } catch (error) {
    if (error instanceof ProblemError) {
      names.push(error.code);
    }
  }
  return names;
}
