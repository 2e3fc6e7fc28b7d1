COPY orders TO '/tmp/x';
