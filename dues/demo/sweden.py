"""Swedish names for the demonstration."""

from dues.demo.words import Words, cities, listed

SWEDEN = Words(
    given=listed(
        """Anna, Erik, Maria, Lars, Karin, Karl, Eva, Anders, Kristina, Johan, Birgitta, Per, Elisabeth, Nils, Ingrid,
        Jan, Linnéa, Mikael, Margareta, Lennart, Sofia, Hans, Emma, Olof, Sara, Peter, Malin, Gunnar, Helena, Sven,
        Åsa, Fredrik, Lina, Bengt, Jenny, Bo, Ulrika, Daniel, Elin, Göran, Johanna, Åke, Ida, Magnus, Viktoria, Stefan,
        Agneta, Mattias, Lovisa, Björn, Hanna, Torbjörn, Ebba, Henrik, Märta, Oskar, Astrid, Gustav, Alva, Axel, Selma,
        Elias, Freja, Hugo, Tuva, Amir, Fatima, Ali, Leila, Samir, Mehmet, Aisha, Milan, Daria, Oleksandr, Amina"""
    ),
    family=listed(
        """Andersson, Johansson, Karlsson, Nilsson, Eriksson, Larsson, Olsson, Persson, Svensson, Gustafsson,
        Pettersson, Jonsson, Jansson, Hansson, Bengtsson, Jönsson, Lindberg, Jakobsson, Magnusson, Lindström,
        Olofsson, Lindqvist,
        Lindgren, Berg, Axelsson, Bergström, Lundberg, Lind, Lundgren, Lundqvist, Mattsson, Berglund, Fredriksson,
        Sandberg, Henriksson, Ali, Forsberg, Sjöberg, Wallin, Engström, Eklund, Danielsson, Lundin, Håkansson, Björk,
        Bergman, Gunnarsson, Wikström, Holm, Samuelsson, Isaksson, Fransson, Bergqvist, Nyström, Holmberg, Arvidsson,
        Löfgren, Söderberg, Nyberg, Ahmed, Blomqvist, Claesson, Nordström, Mårtensson, Lundström, Hassan, Viklund,
        Björklund, Eliasson, Berggren, Sandström, Nordin, Ström, Hermansson, Åberg, Ekström, Holmgren, Sundberg,
        Hedlund, Dahlberg, Hellström, Sjögren, Falk, Abrahamsson, Martinsson, Öberg, Blom, Ek, Åkesson, Strand"""
    ),
    streets=listed(
        """Storgatan, Skolgatan, Björkvägen, Ringvägen, Kyrkogatan, Parkvägen, Granvägen, Idrottsgatan, Industrigatan,
        Tallvägen, Lingonvägen, Blåbärsvägen, Rönnvägen, Ekvägen, Lindvägen, Asplundsvägen, Kungsgatan, Drottninggatan,
        Järnvägsgatan, Villagatan, Skogsvägen, Strandvägen, Ängsvägen, Hantverkargatan, Nygatan, Östergatan,
        Västergatan, Trädgårdsgatan, Hagavägen, Åkervägen, Slöjdgatan, Bergsgatan, Solrosvägen, Smedjegatan, Sjövägen,
        Prästgårdsvägen, Norra vägen, Södra vägen, Klockarvägen, Vintergatan"""
    ),
    cities=cities(
        """Stockholm 118, Göteborg 411, Malmö 211, Uppsala 753, Västerås 722, Örebro 702, Linköping 582,
        Helsingborg 252, Jönköping 553, Norrköping 602, Lund 222, Umeå 903, Gävle 802, Borås 503, Södertälje 151,
        Eskilstuna 632,
        Halmstad 302, Växjö 352, Karlstad 652, Sundsvall 852, Östersund 831, Trollhättan 461, Luleå 972, Borlänge 784,
        Kalmar 392, Falun 791, Kristianstad 291, Skövde 541, Karlskrona 371, Skellefteå 931, Uddevalla 451, Varberg 432,
        Örnsköldsvik 891, Nyköping 611, Visby 621, Kiruna 981, Mora 792, Ystad 271, Arvika 671, Sala 733"""
    ),
    choirs=listed(
        """Demokören, Demo damkör, Demo manskör, Demo barnkör, Demo kammarkör, Demo ungdomskör, Demo visgrupp,
        Demo vandrarklubb"""
    ),
    quarters=listed("Norra, Södra, Östra, Västra, Centrum"),
    regions=listed("Syd, Väst, Öst, Mitt, Nord, Norrland"),
)
