INSERT INTO out
SELECT sensor, NOT ok AS broken FROM sensors WHERE ok IS NOT TRUE;
